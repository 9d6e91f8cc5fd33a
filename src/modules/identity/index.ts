/**
 * A *tenant* is one business with its own rows; a *person* works in it under a *role*, which gives *rights*. A *door* is whatever
 * a secret token opens (a sign-in link, a session, a key, a hook's address, a signed link), kept by the token's hash. A *caller* is
 * who stands in a door: always of one tenant, with the rights of the person or of the key.
 */
export { isSameOrigin, type Refusal, rightsOf, sessionHours, signInMinutes } from './decide.ts';
export { callerOf, makeDoor, makeKey, makeSignIn, openDoor, signIn, signOut } from './doors.ts';
export {
  addDoors,
  addPerson,
  addTenant,
  allTenants,
  doorOf,
  keysOf,
  personByEmail,
  personOf,
  persons,
  revokeDoor,
  revokeDoorsOf,
  tenantOf,
} from './store.ts';
export {
  type Caller,
  type Door,
  type KeyShown,
  type Person,
  type Purpose,
  type Resource,
  type Right,
  resources,
  type Role,
  roles,
  type Tenant,
} from './words.ts';

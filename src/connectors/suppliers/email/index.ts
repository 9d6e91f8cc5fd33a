/**
 * Suppliers who are written to: a purchase order is a *mail* with a PDF and a list, their answer a mail with a list attached, or the
 * page behind the link. A mail without a list is for a person; an absence notice is kept and says nothing.
 */
export { type EmailDeps, emailSupplier } from './door.ts';
export { emailSettingsTrouble } from './profile.ts';
export { readEmailAnswer } from './read.ts';

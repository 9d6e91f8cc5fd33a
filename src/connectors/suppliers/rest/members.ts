/** The member at a path such as `order.lines`; undefined when something on the way is missing. Own members only. */
export function memberAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** An object in which each path has its value; what is undefined is left out. */
export function objectOf(members: readonly (readonly [path: string, value: unknown])[]): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  for (const [path, value] of members) {
    if (value === undefined) continue;
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = whole;
    for (const name of names) {
      const inner = at[name];
      at = at[name] = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    }
    at[last] = value;
  }
  return whole;
}

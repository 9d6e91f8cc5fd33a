/** Steps of `a.b[0]["odd.name"]`: names and places. Null when it is not a path. */
function steps(path: string): (string | number)[] | null {
  const found: (string | number)[] = [];
  const shape = /(?:^|\.)([^.[\]"]+)|\[(\d{1,7})\]|\["([^"]*)"\]/y;
  for (let at = 0; at < path.length; at = shape.lastIndex) {
    shape.lastIndex = at;
    const match = shape.exec(path);
    if (!match) return null;
    found.push(match[2] === undefined ? (match[1] ?? match[3] ?? '') : Number(match[2]));
  }
  return found;
}

/** What stands at the path; undefined when there is nothing, or the path is none. Only a value's own members are seen. */
export function valueAt(value: unknown, path: string): unknown {
  const way = steps(path);
  if (!way) return undefined;
  let at: unknown = value;
  for (const step of way) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (typeof step === 'number' && !Array.isArray(at)) return undefined;
    if (!Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

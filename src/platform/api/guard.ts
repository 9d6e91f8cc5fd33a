import ipaddr from 'ipaddr.js';

/** What may be called although it is plain http or lies in a private network: names (with or without port) and networks. */
export interface AllowList {
  hosts: ReadonlySet<string>;
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
}

export const allowNothing: AllowList = { hosts: new Set(), networks: [] };

/**
 * Reads entries such as `erp.internal`, `erp.internal:8080`, `127.0.0.1:9000` and `10.20.0.0/16`.
 * Throws on an entry that is none of these.
 */
export function readAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  for (const entry of entries.map((text) => text.trim().toLowerCase()).filter((text) => text !== '')) {
    if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry));
    else if (/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.test(entry)) hosts.add(entry);
    else throw new Error(`"${entry}" is no host, host:port or network (10.20.0.0/16) that could be allowed.`);
  }
  return { hosts, networks };
}

/** Microsoft's cloud answers metadata questions here, an address that otherwise looks like everybody's. */
const publicButInside = new Set(['168.63.129.16']);

/** Why an address must not be called; null when it may. Written as bytes first, so that no spelling of it hides anything. */
export function addressRefused(text: string, allow: AllowList = allowNothing): string | null {
  // A zone ("fe80::1%eth0") is a matter of this machine only.
  const bare = text.split('%')[0] ?? '';
  if (!ipaddr.isValid(bare)) return `"${text}" is no address`;
  // `process` writes an IPv4 address inside an IPv6 one as what it is.
  const address = ipaddr.process(bare);
  if (allow.networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))) return null;
  const range = address.range();
  if (range !== 'unicast') return `${address.toString()} is ${range}, not a public address`;
  if (publicButInside.has(address.toString())) return `${address.toString()} is a cloud's inside`;
  // Public IPv6 is 2000::/3; the rest is old or unassigned, such as ::7f00:1, which some systems take for 127.0.0.1.
  if (address.kind() === 'ipv6' && ((address.toByteArray()[0] ?? 0) & 0xe0) !== 0x20)
    return `${address.toString()} is not a public address`;
  return null;
}

/** Whether this host and port stand on the list by name. */
export const isAllowedHost = (url: URL, allow: AllowList): boolean =>
  allow.hosts.has(url.host.toLowerCase()) || allow.hosts.has(url.hostname.toLowerCase());

/** Why an address of the web must not be called, as far as can be said before its name is looked up; null when it may. */
export function urlRefused(url: URL, allow: AllowList = allowNothing): string | null {
  if (isAllowedHost(url, allow)) return url.protocol === 'https:' || url.protocol === 'http:' ? null : `${url.protocol} is not called`;
  if (url.username !== '' || url.password !== '') return 'a user or password stands in the address';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const literal = ipaddr.isValid(host);
  if (literal) {
    const why = addressRefused(host, allow);
    if (why) return why;
  }
  const named = host.toLowerCase().replace(/\.$/, '');
  if (named === 'localhost' || named.endsWith('.localhost')) return `${host} is this machine`;
  const insideAllowedNetwork = literal && addressRefused(host) !== null;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && insideAllowedNetwork)) return `it is ${url.protocol}// and not https://`;
  return null;
}

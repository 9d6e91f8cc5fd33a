import { lookup } from 'node:dns/promises';
import { Fault } from '#kernel/fault';
import { type AllowList, addressRefused } from './guard.ts';

/**
 * The address a host name stands for, checked like those of web calls, for protocols with a connection of their own (SFTP, FTP,
 * SMTP, IMAP). Connect to what this returns, not to the name, and give the name to TLS.
 */
export async function checkedAddress(host: string, port: number, allow: AllowList): Promise<string> {
  const named = host.toLowerCase();
  const free = allow.hosts.has(named) || allow.hosts.has(`${named}:${port}`);
  const found = await lookup(host, { all: true }).catch((cause: unknown) => {
    throw new Fault('transient', 'not-connected', `No address is known for ${host}.`, { cause, evidence: { host } });
  });
  const why = free ? null : found.map(({ address }) => addressRefused(address, allow)).find((each) => each !== null);
  if (why) {
    throw new Fault(
      'misconfigured',
      'address-refused',
      `${host} is not called: ${why}. Correct the address, or allow it in STOCKLESS_ALLOW_HOSTS.`,
      {
        evidence: { host },
      },
    );
  }
  const [first] = found;
  if (!first) throw new Fault('transient', 'not-connected', `No address is known for ${host}.`, { evidence: { host } });
  return first.address;
}

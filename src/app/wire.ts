import { Fault } from '#kernel/fault';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/time';
import type { ApiDeps, Breakers, Budget, CallRecord, Fetch } from '#platform/api';
import type { Sealer } from '#platform/secrets';
import type { Sleep } from '#platform/time';
import type { FileDrop } from '#ports/file-drop';
import type { Mailbox, MessageSender } from '#ports/message-sender';

/** What a tenant's doors lead to: the real network and disk, or the world's servers in this process. */
export interface Outside {
  fetch: Fetch;
  /** A partner's folder: by its code, or where its settings say it lies. */
  drop(code: string, settings: Readonly<Record<string, unknown>>, secrets: Readonly<Record<string, string>>): FileDrop;
  messages: MessageSender;
  mailbox: Mailbox;
  carrier: { baseUrl: string; token: string } | null;
}

export interface Shared {
  options: { clock: Clock; chance: Chance; sleep: Sleep; sealer: Sealer; trace?: (call: CallRecord) => void };
  breakers: Breakers;
  budget?: Budget;
}

export const wireOf = (outside: Outside, { options, breakers, budget }: Shared): ApiDeps => ({
  fetch: outside.fetch,
  clock: options.clock,
  chance: options.chance,
  sleep: options.sleep,
  breakers,
  ...(budget ? { budget } : {}),
  ...(options.trace ? { trace: options.trace } : {}),
});

/** The fields of a connection's sealed secrets; a blob that does not open is a setting a person has to give anew. */
export function openSecrets(sealer: Sealer, secrets: Uint8Array | null, tenant: string, field: string): Record<string, string> {
  if (!secrets) return {};
  try {
    return JSON.parse(sealer.open(Buffer.from(secrets).toString('utf8'), { tenant, field })) as Record<string, string>;
  } catch (error) {
    throw new Fault('misconfigured', 'secret-unreadable', 'Its key cannot be opened with the key of this installation. Enter it again.', {
      cause: error,
    });
  }
}

export const secretField = (kind: 'supplier' | 'channel' | 'feed', id: string): string => `${kind}:${id}`;

export const sealSecrets = (sealer: Sealer, secrets: Record<string, string>, tenant: string, field: string): Uint8Array =>
  Buffer.from(sealer.seal(JSON.stringify(secrets), { tenant, field }), 'utf8');

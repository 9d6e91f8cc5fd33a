import { makeAct } from '#flows/actions';
import { feedImport, feedPreview, type FeedRunCommand, feedRuns, type PreviewCommand } from '#surfaces/cli';
import { findStoreKind } from '#connectors/stores';
import { newWebhookSecret } from '#platform/secrets';
import { feedRoom } from './feeds.ts';
import { errand, type Say, tenantNamed } from './office.ts';
import type { Program } from './program.ts';
import { openSecrets, sealSecrets } from './wire.ts';

interface OfTenant {
  tenant?: string;
}

export const feedImportCommand = (
  say: Say,
  path: string,
  { supplier, mapping, tenant }: OfTenant & { supplier: string; mapping?: string },
): Promise<void> =>
  errand(say, async (program, begun) => {
    const id = await tenantNamed(program, tenant);
    const room = feedRoom(program, begun.dataDir, begun.log);
    process.exitCode = await feedImport(room, id, { path, supplier, by: 'cli', say, ...(mapping === undefined ? {} : { mapping }) });
  });

export const feedPreviewCommand = (
  say: Say,
  path: string,
  { tenant, ...options }: OfTenant & Omit<PreviewCommand, 'path' | 'say' | 'out'>,
): Promise<void> =>
  errand(say, async (program, begun) => {
    const id = await tenantNamed(program, tenant);
    const out = (text: string): void => void process.stdout.write(text);
    process.exitCode = await feedPreview(feedRoom(program, begun.dataDir, begun.log), id, { ...options, path, say, out });
  });

export const feedRunCommand = (
  say: Say,
  verb: string,
  names: readonly string[],
  { tenant, ...options }: OfTenant & Pick<FeedRunCommand, 'only' | 'withoutFlagged' | 'dryRun' | 'out'>,
): Promise<void> =>
  errand(say, async (program, begun) => {
    const id = await tenantNamed(program, tenant);
    process.exitCode = await feedRuns(feedRoom(program, begun.dataDir, begun.log), id, {
      ...options,
      verb,
      names,
      say,
      act: actOf(program),
    });
  });

/** What the API does for people, without the API. */
export function actOf({ given, options: { sealer } }: Program) {
  return makeAct({
    ...given,
    newWebhookSecret,
    storeKind: findStoreKind,
    seal: (tenant, field, before, secrets) =>
      sealSecrets(sealer, { ...openSecrets(sealer, before, tenant, field), ...secrets }, tenant, field),
  });
}

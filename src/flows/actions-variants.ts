import { showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { editVariants, type Required, saveRequired, type VariantEdit } from '#modules/catalog';
import type { Tx } from '#platform/db';
import type { Asked, Deed } from './acting.ts';

/** Variants are edited, many at once; what each has to have is said. */
export function actOnVariants(tx: Tx, asked: Asked): Promise<Deed> {
  if (asked.action === 'edit') return edit(tx, asked);
  if (asked.action === 'require') return require(tx, asked);
  throw problem('not-found', `Variants have no action "${asked.action}".`);
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

async function edit(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const isPerson = by.startsWith('person:') || by === 'cli';
  const source = by === 'cli' ? 'file' : isPerson ? 'screen' : 'api';
  const done = await editVariants(tx, input['rows'] as VariantEdit[], { by, source, isPerson });
  const errors = done.errors.length > 0 ? ` ${many(new Set(done.errors.map(({ row }) => row)).size, 'row')} cannot be taken.` : '';
  const same = done.same > 0 ? ` ${many(done.same, 'row')} changed nothing.` : '';
  return {
    said: `${many(done.changed, 'variant')} changed.${same}${errors}`,
    facts:
      done.changed === 0
        ? []
        : [
            {
              type: 'variants.edited',
              subject: { kind: 'tenant', id: tx.tenant },
              data: { changed: done.changed, errors: done.errors.length },
            },
          ],
    more: {
      changed: done.changed,
      same: done.same,
      errors: done.errors,
      ...(done.undoId === null ? {} : { undo: showId('undo', done.undoId) }),
    },
  };
}

async function require(tx: Tx, { input, by }: Asked): Promise<Deed> {
  await saveRequired(tx, input['required'] as Required, by);
  return {
    said: 'What a variant has to have is saved.',
    facts: [{ type: 'person.changed_required', subject: { kind: 'tenant', id: tx.tenant } }],
  };
}

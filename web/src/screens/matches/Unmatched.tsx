import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { UnmatchedRow } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { useKeys } from '../../parts/keys.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { Money } from '../../parts/Values.tsx';
import { CreateDialog, SearchDialog } from './Dialogs.tsx';
import { takeBackLatest, unmatchedQuery, useDecide } from './useMatches.ts';

/** Offers of which nothing was found: a person says which variant they are, or makes one of them. */
export function Unmatched({ mayWrite }: { mayWrite: boolean }) {
  const query = useInfiniteQuery(unmatchedQuery);
  const decide = useDecide();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<{ kind: 'search' | 'create'; offer: UnmatchedRow } | null>(null);
  useKeys({ z: takeBackLatest }, mayWrite && dialog === null);
  const send = async (path: string, body: unknown, { id }: UnmatchedRow): Promise<void> => {
    const back = (): void => setGone((before) => new Set([...before].filter((one) => one !== id)));
    setDialog(null);
    setGone((before) => new Set(before).add(id));
    if (!(await decide(path, body, back))) back();
  };
  return (
    <Answered query={query} what="The offers" rows={8}>
      {({ pages }) => {
        const rows = pages.flatMap(({ data }) => data).filter(({ id }) => !gone.has(id));
        if (rows.length === 0) return <Empty title="Every offer has a variant, or one to look at" />;
        return (
          <>
            <ul className="match-list" aria-label="Offers without a match">
              {rows.map((offer) => (
                <li key={offer.id}>
                  <div>
                    <p className="match-title">{offer.title || <span className="dim">no title</span>}</p>
                    <p className="dim">
                      {offer.supplier.name} <span className="num">{offer.sku}</span> {offer.brand} <Money of={offer.cost} />
                    </p>
                  </div>
                  <div className="match-acts">
                    <Button disabled={!mayWrite} onClick={() => setDialog({ kind: 'search', offer })}>
                      Match
                    </Button>
                    <Button disabled={!mayWrite} onClick={() => setDialog({ kind: 'create', offer })}>
                      Create variant
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
            {query.hasNextPage ? (
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                More
              </Button>
            ) : null}
            {dialog?.kind === 'search' ? (
              <SearchDialog
                title={dialog.offer.title}
                onClose={() => setDialog(null)}
                onPick={(variant) => void send('/matches/approve', { pairs: [{ offer: dialog.offer.id, variant }] }, dialog.offer)}
              />
            ) : null}
            {dialog?.kind === 'create' ? (
              <CreateDialog
                offer={dialog.offer}
                onClose={() => setDialog(null)}
                onCreate={(given) => void send('/matches/create', { offer: dialog.offer.id, ...given }, dialog.offer)}
              />
            ) : null}
          </>
        );
      }}
    </Answered>
  );
}

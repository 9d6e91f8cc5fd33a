import { useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../../api/client.ts';
import type { Done, ShelfRow } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { showCount } from '../../parts/format.ts';
import { Pairs, Section } from '../../parts/Layout.tsx';
import { To } from '../../parts/To.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { Ago } from '../../parts/Values.tsx';
import { shelvesQuery } from '../listings/useListings.ts';

/** What a store shows of stock and prices, how far it was told, and when its own figures were read. */
export function Shelf({ channel, mayWrite }: { channel: string; mayWrite: boolean }) {
  const shelf = useQuery(shelvesQuery).data?.data.find((one) => one.channel.id === channel);
  if (!shelf || shelf.listings === 0) return null;
  return (
    <Section title="Stock and prices" tools={<To href={`/listings?channel=${channel}`}>All</To>}>
      <Pairs of={pairsOf(shelf)} />
      {shelf.trouble ? <p className="tone-text-crit">It could not be read: {shelf.trouble}</p> : null}
      {shelf.canBeTold ? <Acts shelf={shelf} mayWrite={mayWrite} /> : <p className="dim">It takes files, so it cannot be told.</p>}
    </Section>
  );
}

function pairsOf(shelf: ShelfRow) {
  const count = (value: number) => <span className="num">{showCount(value)}</span>;
  return [
    { name: 'Listings', value: count(shelf.listings) },
    { name: 'In stock', value: count(shelf.inStock) },
    {
      name: 'Not told yet',
      value: shelf.stale > 0 ? <To href={`/listings?channel=${shelf.channel.id}&state=stale`}>{showCount(shelf.stale)}</To> : count(0),
    },
    {
      name: 'Refused',
      value:
        shelf.refused > 0 ? <To href={`/listings?channel=${shelf.channel.id}&state=refused`}>{showCount(shelf.refused)}</To> : count(0),
    },
    { name: 'Told last', value: <Ago at={shelf.toldLast} /> },
    shelf.canBeTold ? { name: 'Read', value: <Ago at={shelf.readAt} /> } : null,
    shelf.readAt ? { name: 'Changed there', value: count(shelf.read.drifted) } : null,
    shelf.readAt ? { name: 'Not ours', value: count(shelf.read.unknown) } : null,
  ];
}

function Acts({ shelf, mayWrite }: { shelf: ShelfRow; mayWrite: boolean }) {
  const client = useQueryClient();
  const act = async (path: string): Promise<void> => {
    try {
      say((await post<Done>(path, { channel: shelf.channel.id })).said);
      void client.invalidateQueries({ queryKey: ['listings'] });
    } catch (error) {
      sayFailure(error);
    }
  };
  return (
    <div className="page-actions">
      <Button disabled={!mayWrite} onClick={() => void act('/listings/read')}>
        Read now
      </Button>
      {shelf.refused > 0 ? (
        <Button disabled={!mayWrite} onClick={() => void act('/listings/tell-again')}>
          Tell again
        </Button>
      ) : null}
    </div>
  );
}

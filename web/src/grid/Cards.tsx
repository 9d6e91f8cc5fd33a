import type { Virtualizer } from '@tanstack/react-virtual';
import type { ReactNode, RefObject } from 'react';
import { To } from '../parts/To.tsx';

interface Props<T> {
  label: string;
  rows: readonly T[];
  hrefOf: (row: T) => string;
  card: (row: T) => ReactNode;
  scroller: RefObject<HTMLDivElement | null>;
  virtual: Virtualizer<HTMLDivElement, Element>;
}

/** The same list under a thumb: one link a row, tall enough to hit. */
export const Cards = <T,>({ label, rows, hrefOf, card, scroller, virtual }: Props<T>) => (
  <div ref={scroller} className="grid grid-cards" tabIndex={0} role="region" aria-label={label}>
    <ul className="grid-body" style={{ blockSize: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ index, start, key }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <li
            key={key}
            className="card-item"
            style={{ transform: `translateY(${start}px)` }}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
          >
            <To href={hrefOf(row)} className="card">
              {card(row)}
            </To>
          </li>
        );
      })}
    </ul>
  </div>
);

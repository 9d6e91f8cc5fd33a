import type { ReactNode } from 'react';
import { Refused } from '../api/client.ts';
import { Button } from './Button.tsx';

/** The states every screen has besides the good one. */

/** Bars of the shape that is awaited. They appear after a moment, so that quick answers do not flicker. */
export const Skeleton = ({ rows = 6, height = 36 }: { rows?: number; height?: number }) => (
  <div className="skeleton" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, row) => (
      <div key={row} style={{ blockSize: height }}>
        <span style={{ inlineSize: `${[62, 48, 70, 55, 40][row % 5]}%` }} />
      </div>
    ))}
  </div>
);

export const Empty = ({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) => (
  <div className="state">
    <p className="state-title">{title}</p>
    {children ? <p className="state-text">{children}</p> : null}
    {action ? <div className="state-actions">{action}</div> : null}
  </div>
);

/** What failed, why, what to do, and how to refer to it. */
export function Failed({ what, error, again }: { what: string; error: unknown; again?: () => void }) {
  const refused = error instanceof Refused ? error : null;
  return (
    <div className="state" role="alert">
      <h1 className="state-title">{what}</h1>
      <p className="state-text">
        {refused?.message ?? 'The page met a mistake of ours.'} {refused?.fix}
      </p>
      {refused?.request ? (
        <p className="state-text dim">
          Reference <code>{refused.request}</code>
        </p>
      ) : null}
      {again ? (
        <div className="state-actions">
          <Button onClick={again}>Try again</Button>
        </div>
      ) : null}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** A page's answer, or what stands in its place. Data that is there stays, even when a later question failed. */
export function Answered<T>({
  query,
  what,
  rows,
  children,
}: {
  query: Asked<T>;
  what: string;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed what={`${what} could not be loaded.`} error={query.error} again={() => void query.refetch()} />;
  return <Skeleton rows={rows ?? 8} />;
}

import type { ReactNode } from 'react';

/** A titled part of a page, set off by a hairline. */
export const Section = ({ title, tools, children, id }: { title: string; tools?: ReactNode; children: ReactNode; id?: string }) => (
  <section className="section" {...(id ? { id } : {})}>
    <header className="section-head">
      <h2>{title}</h2>
      {tools}
    </header>
    {children}
  </section>
);

export interface Pair {
  name: string;
  value: ReactNode;
}
/** Names and their values, the names dim, the values aligned. What has no value is left out. */
export const Pairs = ({ of }: { of: readonly (Pair | null)[] }) => (
  <dl className="pairs">
    {of.map((pair) =>
      pair === null || pair.value === '' || pair.value === null ? null : (
        <div key={pair.name}>
          <dt>{pair.name}</dt>
          <dd>{pair.value}</dd>
        </div>
      ),
    )}
  </dl>
);

/** A table that may be wider than its place: it scrolls by itself, reachable by the keyboard. */
export const TableBox = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="table-box" tabIndex={0} role="region" aria-label={label}>
    <table className="table">{children}</table>
  </div>
);

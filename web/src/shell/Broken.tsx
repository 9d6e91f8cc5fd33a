import { Empty, Failed } from '../parts/States.tsx';
import { To } from '../parts/To.tsx';

/** A screen that met a mistake of ours; the rest of the console stays. */
export const Broken = ({ error, reset }: { error: unknown; reset: () => void }) => (
  <Failed what="This screen could not be shown." error={error} again={reset} />
);

export const NotFound = () => (
  <Empty title="There is no such page." action={<To href="/">Home</To>}>
    The address is mistyped, or what it showed is gone.
  </Empty>
);

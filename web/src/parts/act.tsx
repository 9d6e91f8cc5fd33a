import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { type Params, post } from '../api/client.ts';
import type { BulkDone, Done } from '../api/types.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Skeleton } from './States.tsx';
import { counted } from './format.ts';
import { say, sayFailure } from './toasts.tsx';

/** Something to do on the server. With `ask` its effect is first tried there, undone and shown; with many, how many can and why not. */
export interface Deed {
  path: string;
  body?: Readonly<Record<string, unknown>>;
  /** Instead of one body: several to the same path, which takes many at once, one after the other. */
  bodies?: readonly Readonly<Record<string, unknown>>[];
  /** A verb with its number: `Cancel 3 orders`. */
  label: string;
  ask?: boolean;
  danger?: boolean;
  /** What stands above the effect, such as that it cannot be undone. */
  warning?: string;
  after?: () => void;
}
type Answer = Done | BulkDone;

const isMany = (answer: Answer): answer is BulkDone => 'results' in answer;

async function send(deed: Deed, params: Params = {}): Promise<Answer> {
  if (!deed.bodies) return post<Answer>(deed.path, deed.body ?? {}, params);
  const whole: BulkDone = { dryRun: params['dry_run'] === true, done: 0, failed: 0, results: [] };
  for (const body of deed.bodies) {
    const part = await post<BulkDone>(deed.path, body, params);
    whole.done += part.done;
    whole.failed += part.failed;
    whole.results.push(...part.results);
  }
  return whole;
}

/** What came of it, in a sentence: `12 of 14 done; 2 could not be.` */
export function saidOf(answer: Answer): string {
  if (!isMany(answer)) return answer.said;
  const { done, failed, results } = answer;
  if (failed === 0) return done === 1 ? (results[0]?.said ?? 'Done.') : `${counted(done, 'done', 'done')}.`;
  const first = results.find(({ problem }) => problem !== null)?.problem?.detail ?? '';
  return `${done} of ${done + failed} done; ${failed} could not be: ${first}`;
}

const Doing = createContext<(deed: Deed) => void>(() => {});
/** Does a deed: at once, or after its effect was shown and agreed to. */
export const useDo = (): ((deed: Deed) => void) => useContext(Doing);

export function Deeds({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<Deed | null>(null);
  const mutation = useMutation({
    mutationFn: (deed: Deed) => send(deed),
    onSuccess: (answer, deed) => {
      say(saidOf(answer), { bad: isMany(answer) && answer.failed > 0 });
      setAsked(null);
      deed.after?.();
      void client.invalidateQueries({ predicate: ({ queryKey }) => !['document', 'me', 'trial'].includes(String(queryKey[0])) });
    },
    onError: sayFailure,
  });
  const { mutate } = mutation;
  const act = useCallback((deed: Deed) => (deed.ask ? setAsked(deed) : mutate(deed)), [mutate]);
  const close = useMemo(() => () => setAsked(null), []);
  return (
    <Doing.Provider value={act}>
      {children}
      {asked ? <Confirm deed={asked} busy={mutation.isPending} onClose={close} onAgree={() => mutate(asked)} /> : null}
    </Doing.Provider>
  );
}

interface ConfirmProps {
  deed: Deed;
  busy: boolean;
  onClose: () => void;
  onAgree: () => void;
}

function Confirm({ deed, busy, onClose, onAgree }: ConfirmProps) {
  const trial = useQuery({
    queryKey: ['trial', deed.path, deed.body, deed.bodies],
    queryFn: () => send(deed, { dry_run: true }),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  const agree = useRef<HTMLButtonElement>(null);
  const known = trial.data !== undefined;
  // Enter agrees as soon as the effect is known, never before.
  useEffect(() => {
    if (known) agree.current?.focus();
  }, [known]);
  const none = trial.data && isMany(trial.data) && trial.data.done === 0;
  return (
    <Dialog open title={`${deed.label}?`} onClose={onClose} waits>
      <div className="dialog-body">
        {trial.isPending ? <Skeleton rows={2} height={24} /> : null}
        {trial.error ? <p className="tone-text-crit">{trial.error.message}</p> : null}
        {trial.data ? <Effect answer={trial.data} /> : null}
        {deed.warning ? <p className="dim">{deed.warning}</p> : null}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind={deed.danger ? 'danger' : 'primary'} busy={busy} disabled={busy || !known || none} onClick={onAgree} ref={agree}>
          {deed.label}
        </Button>
      </footer>
    </Dialog>
  );
}

function Effect({ answer }: { answer: Answer }) {
  if (!isMany(answer)) return <p>{answer.said}</p>;
  const failing = answer.results.filter(({ problem }) => problem !== null);
  return (
    <>
      <p>
        {failing.length === 0
          ? answer.done === 1
            ? answer.results[0]?.said
            : `All ${answer.done} can.`
          : `${answer.done} of ${answer.done + answer.failed} can; these cannot:`}
      </p>
      {failing.length > 0 ? (
        <ul className="effect-list">
          {failing.slice(0, 8).map(({ id, problem }) => (
            <li key={id}>{problem?.detail}</li>
          ))}
          {failing.length > 8 ? <li>and {failing.length - 8} more</li> : null}
        </ul>
      ) : null}
    </>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { post } from '../api/client.ts';
import { setNow, useNow } from '../api/live.ts';
import { demoQuery } from '../api/queries.ts';
import type { DemoState } from '../api/types.ts';
import { Icon } from '../parts/Icon.tsx';
import { Menu } from '../parts/Menu.tsx';
import { showClock } from '../parts/format.ts';
import { say, sayFailure } from '../parts/toasts.tsx';

const trouble = [
  ['supplier_silent', 'A supplier falls silent', 'Orders get no answer'],
  ['supplier_timeouts', 'A supplier times out', 'Nobody knows what arrived'],
  ['feed_costs_double', 'A feed doubles all costs', 'Before anyone notices'],
  ['feed_half', 'A feed loses half its rows', 'Half the offers would vanish'],
  ['parcel_lost', 'A carrier loses a parcel', 'No scan will come'],
  ['webhooks_fail', "A shop's webhooks fail", 'Orders come by asking only'],
  ['duplicate_answers', 'Answers come twice', 'The same file again'],
  ['fraud_burst', 'A burst of bad orders', 'One card, many names'],
] as const;

/** The demo world's time and weather: nothing of it leaves the machine. */
export function DemoClock() {
  const client = useQueryClient();
  const demo = useQuery(demoQuery);
  const now = useNow();
  const turn = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object; said?: string }) => post<DemoState>(`/demo/${path}`, body),
    onSuccess: (state, { said }) => {
      setNow(state.now);
      if (said) say(said);
      void client.invalidateQueries();
    },
    onError: sayFailure,
  });
  const at = demo.data?.now ?? '';
  useEffect(() => {
    if (at !== '') setNow(at);
  }, [at]);
  const running = demo.data?.running ?? null;
  const advance = (minutes: number) => turn.mutate({ path: 'advance', body: { minutes } });
  const broken = new Set(demo.data?.broken);
  return (
    <div className="demo" role="group" aria-label="Demo world: nothing leaves this machine" title="Demo world: nothing leaves this machine">
      <span className="demo-name">Demo world</span>
      <time className="demo-now num" dateTime={now}>
        {now === '' ? '' : showClock(now)}
      </time>
      <span className="demo-turn" aria-busy={turn.isPending}>
        <button type="button" className="demo-button" disabled={turn.isPending} onClick={() => advance(60)}>
          +1 h
        </button>
        <button type="button" className="demo-button" disabled={turn.isPending} onClick={() => advance(1_440)}>
          +1 d
        </button>
        <button
          type="button"
          className="demo-button demo-run"
          aria-pressed={running !== null}
          disabled={turn.isPending}
          onClick={() => turn.mutate({ path: 'run', body: running === null ? { minutesPerSecond: 1 } : { stop: true } })}
        >
          <Icon name={running === null ? 'play' : 'pause'} />
          <span className="narrow-hidden">1 min = 1 h</span>
        </button>
      </span>
      <Menu
        className="demo-button demo-break"
        label={<span className="narrow-hidden">Break something</span>}
        icon="bolt"
        choices={trouble.map(([what, label, detail]) => ({
          label,
          detail,
          checked: broken.has(what),
          act: () => turn.mutate({ path: 'break', body: { what }, said: `${label}. Let time pass to see what comes of it.` }),
        }))}
      />
    </div>
  );
}

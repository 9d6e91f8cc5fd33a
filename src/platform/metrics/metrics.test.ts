import { expect, it } from 'vitest';
import { makeMetrics } from './metrics.ts';

it('counts for one program only, in Prometheus’ form', async () => {
  const [one, other] = [makeMetrics({ ofProcess: false }), makeMetrics({ ofProcess: false })];
  one.things.inc({ step: 'routeOrder', result: 'moved' }, 3);
  one.callSeconds.observe({ kind: 'supplier', method: 'POST', answer: '2xx' }, 0.2);
  expect(await one.text()).toMatch(/stockless_things_total\{step="routeOrder",result="moved"\} 3/);
  expect(await one.text()).toMatch(/stockless_call_seconds_bucket\{le="0\.25",kind="supplier",method="POST",answer="2xx"\} 1/);
  expect(await other.text()).not.toMatch(/routeOrder/);
});

it('tells of the process itself as well', async () => {
  expect(await makeMetrics().text()).toMatch(/stockless_process_cpu_seconds_total|stockless_nodejs_eventloop_lag_seconds/);
});

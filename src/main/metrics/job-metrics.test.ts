import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createJobWatch } from './job-metrics.ts';

const round = { limit: 1, stopping: new AbortController().signal, meta: { actor: 'system', correlationId: 'test' } };

test('a job tells how long it took, how often it failed and when it last went well', async () => {
  const metrics = new Registry();
  const clock = createManualClock(1_000_000);
  let fails = false;
  const work = async (): Promise<number> => {
    if (fails) throw new Error('no');
    return 7;
  };
  const job = createJobWatch(metrics, clock)({ name: 'tidy', everyMs: 1, run: work });
  expect(await metrics.metrics()).toContain('skypark_job_failures_total{task="tidy"} 0');
  expect(await job.run(round)).toBe(7);
  clock.advance(60_000);
  fails = true;
  await expect(job.run(round)).rejects.toThrow('no');
  const text = await metrics.metrics();
  expect(text).toContain('skypark_job_failures_total{task="tidy"} 1');
  expect(text).toContain('skypark_job_last_success_timestamp_seconds{task="tidy"} 1000');
  expect(text).toContain('skypark_job_duration_seconds_count{task="tidy"} 2');
});

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Job } from '../../infrastructure/module.ts';
import type { Clock } from '../../kernel/time.ts';

/** Times jobs, counts their failures and says when each last went well. */
export function createJobWatch(metrics: Registry, clock: Clock): (job: Job) => Job {
  const labelNames = ['task'];
  const registers = [metrics];
  const duration = new Histogram({
    name: 'skypark_job_duration_seconds',
    help: 'How long rounds of timed work take',
    labelNames,
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  });
  const failures = new Counter({
    name: 'skypark_job_failures_total',
    help: 'Rounds of timed work that failed',
    labelNames,
    registers,
  });
  const lastSuccess = new Gauge({
    name: 'skypark_job_last_success_timestamp_seconds',
    help: 'When a round of timed work last went well, in seconds since 1970',
    labelNames,
    registers,
  });
  return (job) => {
    failures.inc({ task: job.name }, 0);
    return {
      ...job,
      async run(round) {
        const observe = duration.startTimer({ task: job.name });
        try {
          const result = await job.run(round);
          lastSuccess.set({ task: job.name }, clock.now() / 1000);
          return result;
        } catch (error) {
          failures.inc({ task: job.name });
          throw error;
        } finally {
          observe();
        }
      },
    };
  };
}

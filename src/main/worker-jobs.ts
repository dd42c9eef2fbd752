import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemIds } from '../infrastructure/ids.ts';
import type { Job, JobRound } from '../infrastructure/module.ts';
import type { App } from './compose.ts';
import { headquartersJobs } from './headquarters-lives.ts';
import { createJobWatch } from './metrics/job-metrics.ts';
import { parkSyncJobs } from './park-sync.ts';
import { runFlows } from './run-flows.ts';
import { tokenKeyJob } from './token-keys.ts';

/** Most overdue holds, kept webhooks or open payments one round looks at. */
const ROUND = 200;

/** Runs the flows and the timed work of a node until stopped. */
export function startWorker(app: App): { stop(): Promise<void> } {
  const { log, clock, metrics, modules, idempotency } = app;
  const flows = runFlows(app);
  const parkSync = parkSyncJobs(app);
  const meta = { actor: 'system', correlationId: `worker/${process.pid}/${systemIds.secret(6)}` };
  const jobs: readonly Job[] = [
    ...modules.jobs,
    ...parkSync.jobs,
    ...headquartersJobs(app),
    tokenKeyJob(app),
    { name: 'sweep idempotency keys', everyMs: 600_000, run: () => idempotency.sweep(clock.now()) },
  ];
  const stopping = new AbortController();
  // Every job waits for it, and there is no leak in that.
  setMaxListeners(0, stopping.signal);
  const loops = jobs
    .map(createJobWatch(metrics, clock))
    .map((job) =>
      repeat(job, { limit: ROUND, stopping: stopping.signal, meta }, (error) =>
        log.error({ err: error, job: job.name }, 'a job failed'),
      ),
    );
  return {
    async stop() {
      stopping.abort();
      await Promise.all([flows.stop(), ...loops]);
      await parkSync.close();
    },
  };
}

async function repeat(job: Job, round: JobRound, onError: (error: unknown) => void): Promise<void> {
  const { stopping } = round;
  while (!stopping.aborted) {
    await job.run(round).catch(onError);
    await sleep(job.everyMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

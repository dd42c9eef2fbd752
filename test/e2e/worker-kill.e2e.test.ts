import { expect, test } from 'vitest';
import { describeWith, serviceUrl } from '../support/services.ts';
import { surviveWorkerKills } from './worker-kill-run.ts';

describeWith('postgres', 'rabbitmq')('kill -9 of workers', () => {
  test('killed 5 times under 10 families, workers and relay bring about everything once', async () => {
    const run = { families: 10, kills: 5, seed: 20_261_125, rabbitmqUrl: serviceUrl('rabbitmq') };
    const all = { families: run.families, admitted: run.families, earned: run.families };
    expect(await surviveWorkerKills(run)).toEqual({ ...all, mistold: 0, earnedTwice: 0 });
  }, 240_000);
});

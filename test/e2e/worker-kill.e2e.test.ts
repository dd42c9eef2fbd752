import { expect, test } from 'vitest';
import { describeWith, serviceUrl } from '../support/services.ts';
import { surviveWorkerKills } from './worker-kill-run.ts';

describeWith('postgres', 'rabbitmq')('kill -9 of workers', () => {
  test('killed 8 times under 15 families, workers and relay bring about everything once', async () => {
    const run = { families: 15, kills: 8, seed: 20_261_125, rabbitmqUrl: serviceUrl('rabbitmq') };
    const all = { families: run.families, admitted: run.families, earned: run.families };
    expect(await surviveWorkerKills(run)).toEqual({ ...all, mistold: 0, earnedTwice: 0 });
  }, 240_000);
});

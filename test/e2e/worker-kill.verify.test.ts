import { expect, test } from 'vitest';
import { describeWith, serviceUrl } from '../support/services.ts';
import { surviveWorkerKills } from './worker-kill-run.ts';

describeWith('postgres', 'rabbitmq')('kill -9 of workers', () => {
  test('killed 200 times under 300 families, workers and relay bring about everything once', async () => {
    const run = { families: 300, kills: 200, seed: 20_261_125, rabbitmqUrl: serviceUrl('rabbitmq') };
    const all = { families: run.families, admitted: run.families, earned: run.families };
    expect(await surviveWorkerKills(run)).toEqual({ ...all, mistold: 0, earnedTwice: 0 });
  });
});

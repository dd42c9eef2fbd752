import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Config } from './config.ts';
import type { Ground } from './wiring/tools.ts';

type Needs = { readonly config: Config; readonly log: Logger; readonly metrics: Registry };

/** The limits of the whole chain, and who hears when one is reached: the log and a metric. */
export function createChainWatch({ config, log, metrics }: Needs): Pick<Ground, 'chainFigures' | 'onLimitAlarm'> {
  const alarms = new Counter({
    name: 'skypark_limit_alarms_total',
    help: 'Minutes in which a limit of the whole chain was reached, by limit',
    labelNames: ['limit'],
    registers: [metrics],
  });
  return {
    chainFigures: config.chainFigures,
    onLimitAlarm(limit) {
      alarms.inc({ limit });
      log.error({ limit }, 'a limit of the whole chain was reached: codes are misused or passwords guessed');
    },
  };
}

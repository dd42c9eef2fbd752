import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Clock } from '../kernel/time.ts';
import type { Config } from './config.ts';
import type { Ground } from './wiring/tools.ts';

type Needs = { readonly config: Config; readonly log: Logger; readonly metrics: Registry; readonly clock: Clock };

/** Whoever forges one token forges many: the metric counts them all, the log has a line a minute for each kind. */
const FORGERY_LINE_MS = 60_000;

function createForgeryWatch({ log, metrics, clock }: Omit<Needs, 'config'>): Ground['onForgedToken'] {
  const forged = new Counter({
    name: 'skypark_forged_tokens_total',
    help: 'Access tokens that somebody else made, by what showed it',
    labelNames: ['forgery'],
    registers: [metrics],
  });
  const toldAtMs = new Map<string, number>();
  return (forgery) => {
    forged.inc({ forgery });
    const nowMs = clock.now();
    if (nowMs - (toldAtMs.get(forgery) ?? -FORGERY_LINE_MS) < FORGERY_LINE_MS) return;
    toldAtMs.set(forgery, nowMs);
    log.warn({ forgery }, 'an access token was forged');
  };
}

/** The limits of the whole chain, and who hears when one is reached: the log and a metric. */
export function createChainWatch({
  config,
  log,
  metrics,
  clock,
}: Needs): Pick<Ground, 'chainFigures' | 'onLimitAlarm' | 'onForgedToken' | 'onFactorRefused'> {
  const alarms = new Counter({
    name: 'skypark_limit_alarms_total',
    help: 'Minutes in which a limit of the whole chain was reached, by limit',
    labelNames: ['limit'],
    registers: [metrics],
  });
  const refused = new Counter({
    name: 'skypark_second_factor_refusals_total',
    help: 'Second factors that were wrong or used, by where they were shown',
    labelNames: ['where'],
    registers: [metrics],
  });
  return {
    onFactorRefused: (where) => refused.inc({ where }),
    chainFigures: config.chainFigures,
    onForgedToken: createForgeryWatch({ log, metrics, clock }),
    onLimitAlarm(limit) {
      alarms.inc({ limit });
      log.error({ limit }, 'a limit of the whole chain was reached: codes are misused or passwords guessed');
    },
  };
}

import type { LimitPolicy, Limiter } from '../../../kernel/limiter.ts';

/** What the whole chain may spend and put up with; an operator sets it. */
export type ChainFigures = {
  /** Codes that are sent, in any hour and in any day: each is a text message that we pay for. */
  readonly codesPerHour: number;
  readonly codesPerDay: number;
  /** Refused logins in any quarter of an hour, from which on more is taken for guessing. */
  readonly loginFailures: number;
};

/** What somebody has to look at. */
export type LimitAlarm = 'codes_per_hour' | 'codes_per_day' | 'codes_to_one_range' | 'codes_abroad' | 'login_failures';

/** Port: told of limits of the chain that were reached, once a minute for each while it lasts. */
export type OnLimitAlarm = (alarm: LimitAlarm) => void;

export type ChainLimits = {
  /** Takes one of the codes that the chain may send; false when no more may be. */
  maySend(): Promise<boolean>;
  /** Sounds the alarm for a limit that was reached elsewhere. */
  alarm(what: LimitAlarm): Promise<void>;
  /** Counts a login that was refused. */
  loginFailed(): Promise<void>;
  /** Whether so many logins are refused that somebody must be trying numbers one after the other. */
  isGuessing(): Promise<boolean>;
};

const QUARTER_SECONDS = 900;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
/** All of the chain are counted together. */
const CHAIN = 'chain';

/** Limits that no single number or address reaches, because they come from many at once. */
export function createChainLimits(limiter: Limiter, figures: ChainFigures, onLimitAlarm: OnLimitAlarm): ChainLimits {
  const failures: LimitPolicy = {
    name: 'login-failures',
    limit: figures.loginFailures,
    windowSeconds: QUARTER_SECONDS,
  };
  const spending: readonly (readonly [LimitAlarm, LimitPolicy])[] = [
    ['codes_per_hour', { name: 'codes-per-hour', limit: figures.codesPerHour, windowSeconds: HOUR_SECONDS }],
    ['codes_per_day', { name: 'codes-per-day', limit: figures.codesPerDay, windowSeconds: DAY_SECONDS }],
  ];

  async function alarm(what: LimitAlarm): Promise<void> {
    const told = await limiter.take({ name: 'limit-alarm', limit: 1, windowSeconds: 60 }, what);
    if (told.ok) onLimitAlarm(what);
  }

  return {
    alarm,
    async maySend() {
      for (const [what, policy] of spending) {
        if ((await limiter.take(policy, CHAIN)).ok) continue;
        await alarm(what);
        return false;
      }
      return true;
    },
    async loginFailed() {
      if (!(await limiter.take(failures, CHAIN)).ok) await alarm('login_failures');
    },
    isGuessing: async () => (await limiter.take(failures, CHAIN, 0)).remaining === 0,
  };
}

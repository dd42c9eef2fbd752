import type { LimitPolicy, Limiter } from '../../../kernel/limiter.ts';

/** What the whole chain may spend and put up with; an operator sets it. */
export type ChainFigures = {
  /** Codes and news of accounts that are sent, in any hour and in any day: each is a text message that we pay for. */
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
  /** Takes what a text message to a number costs the chain; false when no more may be sent there. */
  maySend(phone: string): Promise<boolean>;
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

/** Messages to numbers that share all but their last four digits: whoever earns by messages to a range asks for many of it. */
const ONE_RANGE: LimitPolicy = { name: 'otp-range', limit: 30, windowSeconds: HOUR_SECONDS };
const DIGITS_OF_A_RANGE = 4;
/** Messages to other countries, all together: few guests have a number of one, and they cost more. */
const ABROAD: LimitPolicy = { name: 'otp-abroad', limit: 60, windowSeconds: HOUR_SECONDS };
const HOME = '+996';

/** How many times as many codes may be asked for and tried where they cost nothing, since they are not sent. */
export const FREE_CODES = 10;

type Needs = {
  readonly limiter: Limiter;
  readonly figures: ChainFigures;
  readonly onLimitAlarm: OnLimitAlarm;
  readonly codesAreFree: boolean;
};

/** Limits that no single number or address reaches, because they come from many at once. */
export function createChainLimits({ limiter, figures, onLimitAlarm, codesAreFree }: Needs): ChainLimits {
  const failures: LimitPolicy = {
    name: 'login-failures',
    limit: figures.loginFailures,
    windowSeconds: QUARTER_SECONDS,
  };
  const perHour = { name: 'codes-per-hour', limit: figures.codesPerHour, windowSeconds: HOUR_SECONDS };
  const perDay = { name: 'codes-per-day', limit: figures.codesPerDay, windowSeconds: DAY_SECONDS };
  const wide = (policy: LimitPolicy): LimitPolicy => ({
    ...policy,
    limit: policy.limit * (codesAreFree ? FREE_CODES : 1),
  });

  /** What a message to a number is taken from, narrowest first: what goes no further costs the others nothing. */
  const spendingOf = (phone: string): readonly (readonly [LimitAlarm, LimitPolicy, string])[] => [
    ['codes_to_one_range', wide(ONE_RANGE), phone.slice(0, -DIGITS_OF_A_RANGE)],
    ...(phone.startsWith(HOME) ? [] : [['codes_abroad', wide(ABROAD), CHAIN] as const]),
    ['codes_per_hour', perHour, CHAIN],
    ['codes_per_day', perDay, CHAIN],
  ];

  async function alarm(what: LimitAlarm): Promise<void> {
    const told = await limiter.take({ name: 'limit-alarm', limit: 1, windowSeconds: 60 }, what);
    if (told.ok) onLimitAlarm(what);
  }

  return {
    async maySend(phone) {
      for (const [what, policy, key] of spendingOf(phone)) {
        if ((await limiter.take(policy, key)).ok) continue;
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

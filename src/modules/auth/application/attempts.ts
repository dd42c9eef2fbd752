import type { LimitPolicy, Limiter } from '../../../kernel/limiter.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { FREE_CODES, type ChainLimits } from './chain-limits.ts';

const HOUR_SECONDS = 3_600;
const QUARTER_SECONDS = 900;

type Figures = Omit<LimitPolicy, 'name'>;

/**
 * How often one may try in the long run; bursts are evened out before, by the limits that the routes name. Each text message
 * costs us. The figures of a number are those a person needs; those of an address leave room for the families that
 * share one behind their carrier on a holiday's morning, a thousand and more: what guesses is held by FAILURES. They bind only who is not signed in: a device with a session goes on by its refresh token,
 * so that no stranger's guesses lock an owner out. Whether a number is known makes no difference.
 */
const POLICIES = {
  login: {
    phone: { limit: 20, windowSeconds: QUARTER_SECONDS },
    address: { limit: 1_000, windowSeconds: QUARTER_SECONDS },
  },
  register: {
    phone: { limit: 10, windowSeconds: HOUR_SECONDS },
    address: { limit: 1_000, windowSeconds: HOUR_SECONDS },
  },
  otp: { phone: { limit: 5, windowSeconds: HOUR_SECONDS }, address: { limit: 60, windowSeconds: HOUR_SECONDS } },
  'otp-verify': {
    phone: { limit: 30, windowSeconds: HOUR_SECONDS },
    address: { limit: 300, windowSeconds: HOUR_SECONDS },
  },
  'second-factor': {
    phone: { limit: 10, windowSeconds: QUARTER_SECONDS },
    address: { limit: 300, windowSeconds: QUARTER_SECONDS },
  },
  password: {
    phone: { limit: 10, windowSeconds: QUARTER_SECONDS },
    address: { limit: 300, windowSeconds: QUARTER_SECONDS },
  },
} satisfies Record<string, Record<'phone' | 'address', Figures>>;

/**
 * While somebody tries numbers one after the other, logins of an address are refused that was refused so often: for one
 * number, and for all of them together. Only refused logins count, so that whoever knows the password gets in from an address
 * that a carrier gives to many, or a park to its staff.
 */
const FAILURES = {
  ofNumber: { name: 'login-failures-of-number', limit: 5, windowSeconds: QUARTER_SECONDS },
  ofAddress: { name: 'login-failures-of-address', limit: 50, windowSeconds: QUARTER_SECONDS },
} satisfies Record<string, LimitPolicy>;

export type TooMany = { readonly code: 'rate_limited'; readonly retryAfterSeconds: number };

/** Counts a try of something. `phone` is a number in E.164, or the id of an account; `address` that of a subscriber. */
export type Attempt = (what: keyof typeof POLICIES, phone: string, address: string) => Promise<Result<null, TooMany>>;

/** Counts a login that was refused, for the number that was tried. */
export type LoginFailed = (phone: string, address: string) => Promise<void>;

type Needs = {
  readonly limiter: Limiter;
  readonly chainLimits: Pick<ChainLimits, 'isGuessing' | 'loginFailed'>;
  readonly codesAreFree: boolean;
  /** Throws while nothing can be decided. */
  readonly reach: () => Promise<unknown>;
};

const failuresOf = (phone: string, address: string): readonly (readonly [LimitPolicy, string])[] => [
  [FAILURES.ofNumber, `${address} ${phone}`],
  [FAILURES.ofAddress, address],
];

export const createLoginFailed =
  ({ limiter, chainLimits }: Pick<Needs, 'limiter' | 'chainLimits'>): LoginFailed =>
  async (phone, address) => {
    for (const [policy, key] of failuresOf(phone, address)) await limiter.take(policy, key);
    await chainLimits.loginFailed();
  };

export function createAttempt({ limiter, chainLimits, codesAreFree, reach }: Needs): Attempt {
  const take = async (name: string, figures: Figures, key: string, times = 1) =>
    limiter.take({ name, ...figures, limit: figures.limit * times }, key);

  /** Seconds to wait after too many refused logins, null when there were not so many. */
  async function waitAfterFailures(phone: string, address: string): Promise<number | null> {
    for (const [policy, key] of failuresOf(phone, address)) {
      const failed = await limiter.take(policy, key, 0);
      if (failed.remaining === 0) return failed.ok ? failed.resetSeconds : failed.retryAfterSeconds;
    }
    return null;
  }

  return async (what, phone, address) => {
    // What cannot even be tried is not counted: else a short outage would lock out whoever tried again for as long as it lasted.
    await reach();
    const { phone: perPhone, address: perAddress } = POLICIES[what];
    const times = codesAreFree && what.startsWith('otp') ? FREE_CODES : 1;
    const ofAddress = await take(`${what}-address`, perAddress, address, times);
    // A crowd behind the address uses up nothing of the number: whoever waits in it is not locked out when it is gone.
    const taken = ofAddress.ok ? await take(`${what}-phone`, perPhone, phone) : ofAddress;
    if (!taken.ok) return refuse({ code: 'rate_limited', retryAfterSeconds: taken.retryAfterSeconds });
    const waitSeconds =
      what === 'login' && (await chainLimits.isGuessing()) ? await waitAfterFailures(phone, address) : null;
    return waitSeconds === null ? ok(null) : refuse({ code: 'rate_limited', retryAfterSeconds: waitSeconds });
  };
}

import type { LimitPolicy, Limiter } from '../../../kernel/limiter.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';

const HOUR_SECONDS = 3_600;

/**
 * How often one may try. The figures of a number are those a person needs; those of an address leave room for the many who
 * share one behind their carrier. They bind only who is not signed in: a device with a session goes on by its refresh token,
 * so that no stranger's guesses lock an owner out. Whether a number is known makes no difference.
 */
const POLICIES = {
  login: { phone: { limit: 20, windowSeconds: 900 }, address: { limit: 300, windowSeconds: 900 } },
  register: { phone: { limit: 10, windowSeconds: HOUR_SECONDS }, address: { limit: 500, windowSeconds: HOUR_SECONDS } },
  otp: { phone: { limit: 5, windowSeconds: HOUR_SECONDS }, address: { limit: 60, windowSeconds: HOUR_SECONDS } },
  'otp-verify': {
    phone: { limit: 30, windowSeconds: HOUR_SECONDS },
    address: { limit: 300, windowSeconds: HOUR_SECONDS },
  },
  password: { phone: { limit: 10, windowSeconds: 900 }, address: { limit: 300, windowSeconds: 900 } },
} satisfies Record<string, Record<'phone' | 'address', Omit<LimitPolicy, 'name'>>>;

export type TooMany = { readonly code: 'rate_limited'; readonly retryAfterSeconds: number };

/** Counts a try of something by whoever is behind an address. `phone` is a number in E.164, or the id of an account. */
export type Attempt = (what: keyof typeof POLICIES, phone: string, address: string) => Promise<Result<null, TooMany>>;

/** How many times as many codes one address may ask for and try where they cost nothing, since they are not sent. */
const FREE_CODES = 10;

export const createAttempt =
  (limiter: Limiter, codesAreFree: boolean): Attempt =>
  async (what, phone, address) => {
    const { phone: perPhone, address: perAddress } = POLICIES[what];
    const times = codesAreFree && what.startsWith('otp') ? FREE_CODES : 1;
    const wide = { ...perAddress, limit: perAddress.limit * times };
    const tries = [
      await limiter.take({ name: `${what}-address`, ...wide }, address),
      await limiter.take({ name: `${what}-phone`, ...perPhone }, phone),
    ];
    for (const taken of tries) {
      if (!taken.ok) return refuse({ code: 'rate_limited', retryAfterSeconds: taken.retryAfterSeconds });
    }
    return ok(null);
  };

import type { LimitPolicy, Limiter } from '../../../kernel/limiter.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ChainLimits } from './chain-limits.ts';

const HOUR_SECONDS = 3_600;
const QUARTER_SECONDS = 900;

type Figures = Omit<LimitPolicy, 'name'>;

/**
 * How often one may try in the long run; bursts are evened out before, by the limits that the routes name. Each text message
 * costs us. The figures of a number are those a person needs; those of an address leave room for the many who
 * share one behind their carrier. They bind only who is not signed in: a device with a session goes on by its refresh token,
 * so that no stranger's guesses lock an owner out. Whether a number is known makes no difference.
 */
const POLICIES = {
  login: {
    phone: { limit: 20, windowSeconds: QUARTER_SECONDS },
    address: { limit: 300, windowSeconds: QUARTER_SECONDS },
  },
  register: { phone: { limit: 10, windowSeconds: HOUR_SECONDS }, address: { limit: 500, windowSeconds: HOUR_SECONDS } },
  otp: { phone: { limit: 5, windowSeconds: HOUR_SECONDS }, address: { limit: 60, windowSeconds: HOUR_SECONDS } },
  'otp-verify': {
    phone: { limit: 30, windowSeconds: HOUR_SECONDS },
    address: { limit: 300, windowSeconds: HOUR_SECONDS },
  },
  password: {
    phone: { limit: 10, windowSeconds: QUARTER_SECONDS },
    address: { limit: 300, windowSeconds: QUARTER_SECONDS },
  },
} satisfies Record<string, Record<'phone' | 'address', Figures>>;

/**
 * While somebody tries numbers one after the other, from however many addresses, each address has this many logins: enough
 * for a family that mistypes, so that nobody who knows the password is locked out, and next to nothing for guessing.
 */
const WHILE_GUESSING: Figures = { limit: 5, windowSeconds: QUARTER_SECONDS };

/** Codes to numbers that share all but their last four digits: whoever earns by messages to a range asks for many of it. */
const ONE_RANGE: Figures = { limit: 30, windowSeconds: HOUR_SECONDS };
const DIGITS_OF_A_RANGE = 4;
/** Codes to numbers of other countries, all together: few guests have one, and messages to them cost more. */
const ABROAD: Figures = { limit: 60, windowSeconds: HOUR_SECONDS };
const HOME = '+996';

export type TooMany = { readonly code: 'rate_limited'; readonly retryAfterSeconds: number };

/** Counts a try of something. `phone` is a number in E.164, or the id of an account; `address` that of a subscriber. */
export type Attempt = (what: keyof typeof POLICIES, phone: string, address: string) => Promise<Result<null, TooMany>>;

/** How many times as many codes may be asked for and tried where they cost nothing, since they are not sent. */
const FREE_CODES = 10;

type Needs = {
  readonly limiter: Limiter;
  readonly chainLimits: Pick<ChainLimits, 'isGuessing' | 'alarm'>;
  readonly codesAreFree: boolean;
};

export function createAttempt({ limiter, chainLimits, codesAreFree }: Needs): Attempt {
  const take = async (name: string, figures: Figures, key: string, times = 1) =>
    limiter.take({ name, ...figures, limit: figures.limit * times }, key);

  /** Limits of messages by where they go, with the alarm if one is reached. */
  async function takeRange(phone: string, times: number) {
    const range = await take('otp-range', ONE_RANGE, phone.slice(0, -DIGITS_OF_A_RANGE), times);
    if (!range.ok) await chainLimits.alarm('codes_to_one_range');
    if (phone.startsWith(HOME)) return [range];
    const abroad = await take('otp-abroad', ABROAD, 'chain', times);
    if (!abroad.ok) await chainLimits.alarm('codes_abroad');
    return [range, abroad];
  }

  return async (what, phone, address) => {
    const { phone: perPhone, address: perAddress } = POLICIES[what];
    const times = codesAreFree && what.startsWith('otp') ? FREE_CODES : 1;
    const isGuessing = what === 'login' && (await chainLimits.isGuessing());
    const tries = [
      await take(`${what}-address`, perAddress, address, times),
      await take(`${what}-phone`, perPhone, phone),
      ...(isGuessing ? [await take('login-while-guessing', WHILE_GUESSING, address)] : []),
    ];
    // What goes no further costs no range anything.
    if (what === 'otp' && tries.every(({ ok: isOk }) => isOk)) tries.push(...(await takeRange(phone, times)));
    for (const taken of tries) {
      if (!taken.ok) return refuse({ code: 'rate_limited', retryAfterSeconds: taken.retryAfterSeconds });
    }
    return ok(null);
  };
}

import type { LimitPolicy } from '../../kernel/limiter.ts';
import type { ClientKey } from './client-key.ts';

/** The figure that all in this file stand beside; `RATE_LIMIT_PER_MINUTE` makes them greater or smaller together. */
const USUAL_PER_MINUTE = 100;

/** What any client may ask in a minute. An address may be a carrier's, with a thousand families behind it. */
const GENERAL: Readonly<Record<ClientKey['kind'], number>> = { account: 100, device: 600, address: 1_000 };

type NamedLimit = {
  readonly perMinute: number;
  /** Whose requests are counted together: those of one address, or of one account, device or, without either, address. */
  readonly by: 'address' | 'client';
  /** Stands in place of the general limit rather than beside it: it is the wider one. */
  readonly alone?: true;
};

/**
 * Limits that routes name: they even out bursts. How much one may try in the long run, of one phone, one ticket or from one
 * address, is counted by the handlers, with policies of their own that are the stricter ones over their windows.
 */
const LIMITS = {
  /** Hashing a password costs us more than asking costs the client. */
  login: { perMinute: 120, by: 'address' },
  register: { perMinute: 60, by: 'address' },
  /** Codes asked for, codes tried and passwords set by one, together. */
  otp: { perMinute: 60, by: 'address' },
  /** Each tries the password of an account. */
  password: { perMinute: 5, by: 'client' },
  /** Each reads all that is held about somebody. */
  export: { perMinute: 5, by: 'client' },
  /** Each tries a code that makes a device of a gate. */
  enrol: { perMinute: 10, by: 'address' },
  /** Pictures are decoded and encoded again. */
  upload: { perMinute: 20, by: 'client' },
  /** One person at a gate lets in a queue. Scans are counted one by one, however many a call brings. */
  gate: { perMinute: 1_200, by: 'client', alone: true },
  /** A park hands over a day's work in a few minutes when it comes back; several parks may share an address. */
  sync: { perMinute: 6_000, by: 'address', alone: true },
  /** A provider is one address for all guests of the chain. */
  webhook: { perMinute: 6_000, by: 'address', alone: true },
} as const satisfies Record<string, NamedLimit>;

export type LimitName = keyof typeof LIMITS;

const limitOf = (name: LimitName): NamedLimit => LIMITS[name];

export type RouteLimit = { readonly policy: LimitPolicy; readonly by: ClientKey['kind'] | NamedLimit['by'] };

const policy = (name: string, perMinute: number, perMinuteOfClient: number): LimitPolicy => ({
  name,
  limit: Math.max(1, Math.round((perMinute * perMinuteOfClient) / USUAL_PER_MINUTE)),
  windowSeconds: 60,
});

/** The limits that count a request to a route by a client of some kind. */
export function limitsOf(
  names: readonly LimitName[],
  kind: ClientKey['kind'],
  perMinuteOfClient: number,
): readonly RouteLimit[] {
  const named = names.map((name) => ({
    policy: policy(name, limitOf(name).perMinute, perMinuteOfClient),
    by: limitOf(name).by,
  }));
  if (names.some((name) => limitOf(name).alone === true)) return named;
  return [{ policy: policy(kind, GENERAL[kind], perMinuteOfClient), by: kind }, ...named];
}

/** What the document says of the limits that a route names, with their usual figures, and of what it counts. */
export const limitText = (names: readonly LimitName[], what: string): string =>
  names
    .map((name) => {
      const { perMinute, by } = limitOf(name);
      return `At most ${perMinute} ${what} a minute from one ${by === 'address' ? 'address' : 'account or device'}.`;
    })
    .join(' ');

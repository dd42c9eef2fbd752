import type { ChainFigures } from '../modules/auth/application/chain-limits.ts';

export type { ChainFigures };

/** Limits of the whole chain: three whole numbers from 1. */
export const readChainFigures = (integer: (name: string, usual: number) => number): ChainFigures => ({
  codesPerHour: integer('SMS_PER_HOUR', 1_000),
  codesPerDay: integer('SMS_PER_DAY', 5_000),
  loginFailures: integer('LOGIN_FAILURES_LIMIT', 500),
});

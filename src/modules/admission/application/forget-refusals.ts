import { MS_A_DAY, type Clock } from '../../../kernel/time.ts';
import type { Admissions } from './ports.ts';

/** Well beyond the days after which a scan that arrives counts no more: sent again later, it lets nobody in either. */
export const REFUSALS_KEPT_MS = 30 * MS_A_DAY;

/** Deletes the oldest refusals of scans, a part at a time; answers how many. */
export type ForgetRefusals = () => Promise<number>;

type Dependencies = { readonly admissions: Pick<Admissions, 'forgetRefusals'>; readonly clock: Clock };

const MOST = 5_000;

export function createForgetRefusals({ admissions, clock }: Dependencies): ForgetRefusals {
  return async () => {
    let sum = 0;
    for (;;) {
      const forgotten = await admissions.forgetRefusals(clock.now() - REFUSALS_KEPT_MS, MOST);
      sum += forgotten;
      if (forgotten < MOST) return sum;
    }
  };
}

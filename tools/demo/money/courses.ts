import { createRandom } from '../../../test/support/random.ts';

/** What happens to a purchase, as far as people have a say in it. */
export type Course =
  | 'pay'
  | 'decline'
  | 'let_expire'
  /** After the order has expired. */
  | 'pay_late'
  /** First one is declined, then another is paid, then the first one after all. */
  | 'pay_twice'
  | 'cancel'
  | 'cash'
  | 'cash_back';

const WEIGHTS: readonly (readonly [Course, number])[] = [
  ['pay', 44],
  ['cancel', 14],
  ['pay_late', 12],
  ['pay_twice', 8],
  ['decline', 7],
  ['let_expire', 5],
  ['cash', 7],
  ['cash_back', 3],
];
const TOTAL = WEIGHTS.reduce((sum, [, weight]) => sum + weight, 0);

export type Wanted = { readonly course: Course; readonly method: 'elqr' | 'elcard' };

/** What the purchase of this number is to become: the same for the same seed. */
export function wantedOf(seed: number, number: number): Wanted {
  const random = createRandom(seed * 1_000_003 + number);
  let rest = random() * TOTAL;
  const found = WEIGHTS.find(([, weight]) => (rest -= weight) < 0);
  return { course: found?.[0] ?? 'pay', method: random() < 0.5 ? 'elqr' : 'elcard' };
}

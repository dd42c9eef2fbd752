import { plainName } from '../../../kernel/plain-name.ts';
import type { Differences, DifferenceView } from './differences.ts';

export type PaymentInDoubt = {
  readonly paymentId: string;
  readonly method: string;
  /** Null in payments older than this field. */
  readonly parkId: string | null;
  /** How the provider names it, or our key there. */
  readonly names: readonly string[];
};

/** Port: payments whose outcome is unknown and that go by one of these names. Hyphens and case tell none apart. */
export type PaymentsInDoubt = (names: readonly string[]) => Promise<readonly PaymentInDoubt[]>;

/** Money that a statement tells of and the books do not, which nobody has resolved. */
const isUnexplained = ({ verdict, toldTyiyn, resolved }: DifferenceView): boolean =>
  verdict === 'missing_here' && toldTyiyn !== null && toldTyiyn > 0n && resolved === null;

const keyOf = (method: string, name: string): string => `${method}/${plainName(name)}`;

/**
 * Suggests the payment that a line names and whose outcome is unknown, rather than one that is alike only. Asked for as it
 * is looked at: a payment that is settled meanwhile is in the books, and no suggestion any more.
 */
export const createListDifferences =
  ({ list }: Pick<Differences, 'list'>, inDoubt: PaymentsInDoubt): Differences['list'] =>
  async (filter) => {
    const found = await list(filter);
    const names = found.filter(isUnexplained).map(({ reference }) => reference);
    if (names.length === 0) return found;
    const named = new Map(
      (await inDoubt(names)).flatMap((one) => one.names.map((name) => [keyOf(one.method, name), one] as const)),
    );
    return found.map((one) => {
      const payment = isUnexplained(one) ? named.get(keyOf(one.method, one.reference)) : undefined;
      const isOfAnother = payment === undefined || (one.parkId !== null && one.parkId !== payment.parkId);
      return isOfAnother ? one : { ...one, suggestedPaymentId: payment.paymentId };
    });
  };

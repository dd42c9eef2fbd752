import type { Tyiyn } from '../../../kernel/money.ts';
import type { NumberProven } from './ports.ts';

type Visit = { readonly userId: string; readonly passId?: string | undefined };

/** Whether a guest has to prove the number of the account before having a ticket at this price. */
export type NeedsProof = (visit: Visit, priceTyiyn: Tyiyn) => Promise<boolean>;

/**
 * An account with tickets keeps its number, and whoever pays for one proves the number first. What costs nothing is asked for
 * the same, or a stranger could hold somebody's number for nothing. A pass was given to a proven number.
 */
export const createNeedsProof =
  (numberProven: NumberProven): NeedsProof =>
  async ({ userId, passId }, priceTyiyn) =>
    priceTyiyn === 0n && passId === undefined && !(await numberProven(userId));

import { assert } from '../../../kernel/assert.ts';
import { formatSom } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { LastCheck, Ledger, LedgerSums, MoneyFacts, ReadMoneyFacts } from './ports.ts';

/** Told after every check what is wrong, in words; nothing when all is well. */
export type OnLedgerChecked = (faults: readonly string[]) => void;

/** Looks whether the books balance, are what the log says, and say what payments and tills say. */
export type CheckLedger = () => Promise<readonly string[]>;

type Dependencies = {
  readonly ledger: Pick<Ledger, 'sums' | 'astray'>;
  readonly moneyFacts: ReadMoneyFacts;
  readonly clock: Clock;
  readonly lastCheck: Pick<LastCheck, 'keep'>;
  readonly onChecked: OnLedgerChecked;
};

/** How often two sides are read until nothing moved between them. */
const ATTEMPTS = 20;

/** Money that the purchase flow has not come to after so long has nobody who works on it. */
const EXPLAINED_WITHIN_MS = 3_600_000;

const COMPARED = [
  ['receivedTyiyn', 'came in'],
  ['paidBackTyiyn', 'went back'],
  ['owedTyiyn', 'are owed to guests'],
  ['inTillsTyiyn', 'are in open tills'],
] as const;

/** Faults of what both sides say of the same moment. */
export function ledgerFaults(sums: LedgerSums, facts: MoneyFacts): readonly string[] {
  const faults = COMPARED.flatMap(([sum, what]) =>
    sums.facts[sum] === facts[sum]
      ? []
      : [`by the ledger ${formatSom(sums.facts[sum])} ${what}, by payments and tills ${formatSom(facts[sum])}`],
  );
  if (sums.unbalanced > 0) faults.push(`${sums.unbalanced} transactions do not sum to zero`);
  if (sums.totalsAstray > 0) faults.push(`${sums.totalsAstray} totals are not what their entries add up to`);
  if (sums.cashAstrayTyiyn !== 0n) faults.push(`${formatSom(sums.cashAstrayTyiyn)} in cash are in no till`);
  return [...faults, ...sums.unexplained.map((id) => `nobody works on the money of payment ${id}`)];
}

const isSame = (one: MoneyFacts, other: MoneyFacts): boolean => COMPARED.every(([sum]) => one[sum] === other[sum]);

/**
 * Reads the facts, the books, and the facts again: where both readings agree, the books were read of the same moment.
 * @throws BrokenInvariant when money never stopped moving; the next round tries again.
 */
export function createCheckLedger({ ledger, moneyFacts, clock, lastCheck, onChecked }: Dependencies): CheckLedger {
  return async () => {
    const astray = await ledger.astray();
    const ofLog = astray === 0 ? [] : [`${astray} rows would differ, were the books made anew from the log`];
    let before = await moneyFacts();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const sums = await ledger.sums(clock.now() - EXPLAINED_WITHIN_MS);
      const after = await moneyFacts();
      if (isSame(before, after)) {
        const faults = [...ofLog, ...ledgerFaults(sums, after)];
        onChecked(faults);
        await lastCheck.keep({ checkedAtMs: clock.now(), faults });
        return faults;
      }
      before = after;
    }
    assert(false, 'money moved during every attempt to compare the ledger');
  };
}

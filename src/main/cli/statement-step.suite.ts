import { statement, type MovementKind, type StatementMovement } from '../../modules/ledger/domain/statement.ts';
import type { ThingLog } from './thing-log.suite.ts';

const KINDS: readonly MovementKind[] = ['fee', 'payout', 'unexplained', 'written_off'];

/** A statement of the park is booked, booked otherwise, or withdrawn, by a choice from 0 up. */
export async function bookStatement(
  log: ThingLog,
  parkId: string,
  choice: number,
  amountTyiyn: bigint,
  nowMs: number,
): Promise<void> {
  const one = (choice % 3 === 0 ? undefined : log.some('statement', choice)) ?? log.make('statement');
  const of = { statementId: one.id, method: choice % 2 === 0 ? 'elqr' : 'elcard', parkId } as const;
  // Of what it says a part is new, a part as before, and a part is gone.
  const movements = KINDS.filter((_, index) => (choice + index) % 3 !== 0).map((kind, index): StatementMovement => {
    return {
      kind,
      parkId: index === 0 ? '' : parkId,
      day: '2026-11-30',
      amountTyiyn: kind === 'fee' ? 500n : amountTyiyn,
    };
  });
  const isLast = choice % 7 === 6;
  await log.tell([
    log.decide(statement, one, isLast ? { kind: 'withdraw', of, nowMs } : { kind: 'book', of, movements, nowMs }),
  ]);
}

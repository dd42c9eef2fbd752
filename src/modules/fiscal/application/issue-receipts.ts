import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { IssuedDocument } from '../contract.ts';
import { fiscalReceipt } from '../domain/fiscal-receipt.ts';
import { pauseAfter } from '../domain/pauses.ts';
import { receiptUrl } from '../domain/receipt-url.ts';
import type { KeepShifts } from './keep-shifts.ts';
import type { DueReceipt, ReceiptQueue, Receipts, Registers, TryRecord } from './ports.ts';
import { receiptIds } from './receipt-ids.ts';

/** Has registers issue what is due; answers how many receipts it tried. */
export type IssueReceipts = (stopping: AbortSignal, meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly queue: ReceiptQueue;
  readonly receipts: Pick<Receipts, 'issued'>;
  readonly registers: Registers;
  readonly shifts: Pick<KeepShifts, 'ensureOpen' | 'doubt'>;
  readonly runner: CommandRunner;
  readonly ids: Pick<Ids, 'derive'>;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly chance: () => number;
};

export function createIssueReceipts(dependencies: Dependencies): IssueReceipts {
  const { queue, receipts, registers, shifts, runner, ids, clock, chance } = dependencies;
  const idOf = receiptIds(ids);

  const again = ({ attempts }: DueReceipt, reason: string): TryRecord => ({
    kind: 'again',
    reason,
    nextTryAtMs: clock.now() + pauseAfter(attempts + 1, chance()),
  });

  /** The log has it before the queue forgets it: whoever dies between is answered the same receipt again. */
  async function keep(due: DueReceipt, issued: IssuedDocument, meta: CommandMeta): Promise<TryRecord> {
    const { receiptId, kind, paymentId, refundId, ticketId, totalTyiyn } = due;
    const { receiptBase, isTest } = registers;
    const about = { receiptId, kind, paymentId, refundId, ticketId, totalTyiyn, isTest };
    const url = receiptUrl(receiptBase, issued, totalTyiyn);
    const data = { ...about, ...issued, url, recordedAtMs: clock.now() };
    const kept = await runner.run(fiscalReceipt, receiptId, data, meta);
    return kept.ok
      ? { kind: 'done', outcome: 'issued' }
      : again(due, `the register issued a second receipt, ${issued.fdNumber}, for one id`);
  }

  async function tryOnce(due: DueReceipt, meta: CommandMeta): Promise<TryRecord> {
    const { receiptId, kind, register: number, totalTyiyn, isCash, document } = due;
    const origin = kind === 'sale' ? null : await receipts.issued(idOf.sale(due.paymentId));
    // A sale without a receipt has none to take back, unless somebody has it issued after all.
    if (kind === 'return' && origin === null) return { kind: 'done', outcome: 'no_register' };
    const ready = await shifts.ensureOpen(number);
    if (!ready.ok) return again(due, ready.refusal.reason);
    const asked = { receiptId, register: number, totalTyiyn, isCash, document, origin };
    const outcome = await registers.of(number).issue(asked);
    switch (outcome.kind) {
      case 'issued':
        return keep(due, outcome.issued, meta);
      case 'none':
        return { kind: 'done', outcome: 'no_register' };
      case 'refused':
        await shifts.doubt(number);
        return again(due, outcome.reason);
      case 'failed':
        return again(due, outcome.reason);
    }
  }

  return async (stopping, meta) => {
    await queue.releaseReturns(clock.now());
    return queue.workOff(stopping, async (due) => queue.record(due.receiptId, await tryOnce(due, meta)));
  };
}

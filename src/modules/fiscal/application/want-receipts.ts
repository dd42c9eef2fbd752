import { assert } from '../../../kernel/assert.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaidReturn, PaidSale, ReceiptDocument } from '../contract.ts';
import { goodsOf, type SoldLine } from '../domain/goods.ts';
import { taxesIn, type TaxTerms } from '../domain/taxes.ts';
import type { PaymentOfReceipt, ReceiptOutcome, ReceiptQueue, Registers, SoldLines, WantedReceipt } from './ports.ts';
import { receiptIds } from './receipt-ids.ts';

/** Each can be told any number of times: a receipt is named after the payment or the refund that it is of. */
export type WantReceipts = {
  readonly sale: (sale: PaidSale) => Promise<void>;
  readonly refund: (refund: PaidReturn) => Promise<void>;
};

/**
 * Has a receipt tried at once, under the codes and rates that count now: a person may have corrected them. One that ended without a register is wanted anew where there is one now. False when nothing is to
 * be issued any more.
 */
export type RetryReceipt = (found: WantedReceipt & { readonly outcome: ReceiptOutcome | null }) => Promise<boolean>;

type Dependencies = {
  readonly queue: ReceiptQueue;
  readonly registers: Registers;
  readonly paymentOf: PaymentOfReceipt;
  readonly soldLines: SoldLines;
  readonly ids: Pick<Ids, 'derive'>;
  readonly clock: Clock;
};

/** Without a register a receipt names what would be sold, and no taxes, of which nobody knows anything. */
const NOTHING_KNOWN = { taxSystem: 0, itemCode: 0, taxes: [] } as const;
const TICKET = 'Билет';

function taxed(goods: ReceiptDocument['goods'], totalTyiyn: Tyiyn, isCash: boolean, terms: TaxTerms): ReceiptDocument {
  const { taxSystem, itemCode } = terms;
  return { goods, taxSystem, itemCode, taxes: taxesIn(totalTyiyn, isCash, terms) };
}

function createDocuments({ registers: { terms } }: Pick<Dependencies, 'registers'>) {
  const goodsName = terms?.goodsName ?? TICKET;
  return (totalTyiyn: Tyiyn, isCash: boolean, lines: readonly SoldLine[]): ReceiptDocument => {
    const goods = goodsOf(totalTyiyn, lines, goodsName);
    return terms === null ? { ...NOTHING_KNOWN, goods } : taxed(goods, totalTyiyn, isCash, terms);
  };
}

/** Lines under the name of what is sold, since `Ребёнок` alone says nothing of a ticket. */
const named = (lines: readonly SoldLine[], goodsName: string): readonly SoldLine[] =>
  lines.map((line) => ({ ...line, name: `${goodsName}: ${line.name}` }));

export function createWantReceipts(dependencies: Dependencies): WantReceipts {
  const { queue, registers, paymentOf, soldLines, ids, clock } = dependencies;
  const idOf = receiptIds(ids);
  const documentOf = createDocuments(dependencies);

  async function paymentKnown(paymentId: string) {
    const payment = await paymentOf(paymentId);
    assert(payment, 'a payment that succeeded was begun');
    return payment;
  }

  return {
    async sale({ paymentId, ticketId, amountTyiyn: totalTyiyn, position }) {
      if (position <= (await queue.startPosition())) return;
      const { parkId, isCash } = await paymentKnown(paymentId);
      const lines = named(await soldLines(ticketId), registers.terms?.goodsName ?? TICKET);
      const document = documentOf(totalTyiyn, isCash, lines);
      const sale = {
        receiptId: idOf.sale(paymentId),
        kind: 'sale',
        refundId: null,
        register: registers.numberFor(parkId),
      } as const;
      await queue.put({ ...sale, paymentId, ticketId, parkId, isCash, totalTyiyn, document }, clock.now());
    },
    async refund({ paymentId, refundId, ticketId, amountTyiyn, isMisfit, position }) {
      if (position <= (await queue.startPosition())) return;
      const receiptId = idOf.refund(refundId);
      if ((await queue.find(receiptId)) !== null) return;
      const { parkId, isCash } = await paymentKnown(paymentId);
      const sale = isMisfit ? null : await queue.find(idOf.sale(paymentId));
      // More than was sold cannot be taken back: the rest is money that was never on a receipt.
      const left = sale === null ? 0n : sale.totalTyiyn - (await queue.returnedTyiyn(paymentId));
      const totalTyiyn = left < amountTyiyn ? left : amountTyiyn;
      const sold = sale?.document?.goods.map(({ costTyiyn, ...good }) => ({ ...good, amountTyiyn: costTyiyn }));
      const document = sold === undefined || totalTyiyn <= 0n ? null : documentOf(totalTyiyn, isCash, sold);
      const register = sale?.register ?? registers.numberFor(parkId);
      const about = { receiptId, kind: 'return', paymentId, refundId, ticketId, parkId, isCash, register } as const;
      await queue.put({ ...about, document, totalTyiyn: document === null ? 0n : totalTyiyn }, clock.now());
    },
  };
}

export function createRetryReceipt(dependencies: Dependencies): RetryReceipt {
  const { queue, registers, soldLines, ids, clock } = dependencies;
  const idOf = receiptIds(ids);
  const documentOf = createDocuments(dependencies);
  return async (found) => {
    const { receiptId, outcome, document, kind, totalTyiyn, isCash, parkId, paymentId, ticketId } = found;
    const { terms } = registers;
    if (outcome === null) {
      const asked = document === null || terms === null ? document : taxed(document.goods, totalTyiyn, isCash, terms);
      return queue.retry(receiptId, asked, clock.now());
    }
    if (outcome !== 'no_register' || terms === null) return false;
    const lines = named(await soldLines(ticketId), terms.goodsName);
    const sale = kind === 'return' ? await queue.find(idOf.sale(paymentId)) : null;
    const register = sale?.register ?? registers.numberFor(parkId);
    // A sale that is told to the tax service at last must not stand there without what was given back of it since.
    const returns = kind === 'sale' ? await queue.returnsWithout(paymentId) : [];
    const wanted = [found, ...returns].map((one) => ({
      receiptId: one.receiptId,
      register,
      document: documentOf(one.totalTyiyn, isCash, lines),
    }));
    await queue.wantAgain(wanted, clock.now());
    return true;
  };
}

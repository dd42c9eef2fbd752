import { assert } from '../../../kernel/assert.ts';
import { formatDay, formatMoney, type Language } from '../../../kernel/human-text.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { TicketStatus } from '../contract.ts';
import {
  type FiscalStatus,
  RECEIPT_TEXTS,
  type ReceiptMethod,
  type ReceiptRefundStatus,
  type ReceiptSum,
} from '../domain/receipt-texts.ts';
import type { PriceLine, TicketView } from './ticket-view.ts';

/** Port: payments of a ticket that succeeded, oldest first, each with what of it goes back. */
export type MoneyOfTicket = (ticketId: string) => Promise<
  readonly {
    readonly paymentId: string;
    readonly method: ReceiptMethod;
    readonly amountTyiyn: Tyiyn;
    readonly reference: string;
    readonly receivedAtMs: number;
    readonly refunds: readonly {
      readonly refundId: string;
      readonly amountTyiyn: Tyiyn;
      readonly status: ReceiptRefundStatus;
      readonly reference: string | null;
      readonly requestedAtMs: number;
    }[];
  }[]
>;

/** Port: the fiscal receipts of payments, and of what of them is out again, oldest first. */
export type FiscalReceiptsOf = (paymentIds: readonly string[]) => Promise<
  readonly {
    readonly receiptId: string | null;
    readonly kind: 'sale' | 'return';
    readonly status: FiscalStatus;
    readonly paymentId: string;
    readonly refundId: string | null;
    readonly totalTyiyn: Tyiyn;
    readonly issued: {
      readonly fnNumber: string;
      readonly fdNumber: string;
      readonly fiscalSign: string;
      readonly registerNumber: string;
      readonly url: string;
      readonly isTest: boolean;
    } | null;
  }[]
>;

/** Port: how a park is called, where it is and which time its clocks show; null when there is no such park. */
export type ParkNames = (parkId: string) => Promise<{
  readonly names: Readonly<Record<Language, string>>;
  readonly addresses: Readonly<Record<Language, string>>;
  readonly timeZone: string;
} | null>;

/** Port: an instant as the clock on the wall of a place shows it. */
export type WallClock = (instantMs: number, timeZone: string, language: Language) => string;

/** A sum and how a person reads it. */
type Written = { readonly amountTyiyn: Tyiyn; readonly amountText: string };
type Moment = { readonly atMs: number; readonly atText: string };

/** What was bought, for how much, and where the money is, in one language. */
export type Receipt = {
  readonly title: string;
  readonly number: string;
  readonly ticketId: string;
  readonly status: TicketStatus;
  readonly park: { readonly parkId: string; readonly name: string; readonly address: string };
  readonly visitDate: string;
  readonly visitDay: string;
  readonly people: number;
  readonly lines: readonly (Pick<PriceLine, 'kind' | 'quantity'> &
    Written & { readonly text: string; readonly unit: Written })[];
  readonly sums: readonly (Written & { readonly kind: ReceiptSum; readonly text: string })[];
  readonly payments: readonly (Written &
    Moment & {
      readonly paymentId: string;
      readonly method: ReceiptMethod;
      readonly methodText: string;
      readonly reference: string;
    })[];
  readonly refunds: readonly (Written &
    Moment & {
      readonly refundId: string;
      readonly paymentId: string;
      readonly status: ReceiptRefundStatus;
      readonly statusText: string;
      readonly reference: string | null;
    })[];
  readonly fiscal: {
    readonly status: FiscalStatus;
    readonly text: string;
    readonly receipts: readonly (Awaited<ReturnType<FiscalReceiptsOf>>[number] & Written)[];
  };
};

/** The receipt of a ticket that was paid or costs nothing, also after it was cancelled. */
export type WriteReceipt = (ticket: TicketView, language: Language) => Promise<Result<Receipt, { code: 'not_paid' }>>;

type Dependencies = {
  readonly moneyOfTicket: MoneyOfTicket;
  readonly fiscalReceiptsOf: FiscalReceiptsOf;
  readonly parkNames: ParkNames;
  readonly wallClock: WallClock;
};

type Money = Awaited<ReturnType<MoneyOfTicket>>;

const sumOf = (amounts: readonly { readonly amountTyiyn: Tyiyn }[]): Tyiyn =>
  amounts.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, 0n);

/** What adds up: received is refunded, to be refunded and kept. */
function sumsOf({ priceTyiyn }: TicketView, money: Money): Readonly<Record<ReceiptSum, Tyiyn>> {
  const back = money.flatMap(({ refunds }) => refunds);
  const received = sumOf(money);
  const refunded = sumOf(back.filter(({ status }) => status === 'succeeded'));
  const toRefund = sumOf(back) - refunded;
  return { price: priceTyiyn, received, refunded, to_refund: toRefund, kept: received - refunded - toRefund };
}

/** What comes first in a list of what there is, is what the whole is called. */
const FISCAL_ORDER = ['pending', 'no_register', 'issued'] as const satisfies readonly FiscalStatus[];

type Fiscal = {
  readonly status: FiscalStatus;
  readonly words: FiscalStatus | 'test';
  readonly receipts: Awaited<ReturnType<FiscalReceiptsOf>>;
};

async function fiscalOf(money: Money, fiscalReceiptsOf: FiscalReceiptsOf): Promise<Fiscal> {
  const receipts = await fiscalReceiptsOf(money.map(({ paymentId }) => paymentId));
  const status = FISCAL_ORDER.find((word) => receipts.some((receipt) => receipt.status === word)) ?? 'none_required';
  const isTest = receipts.some(({ issued }) => issued?.isTest === true);
  return { status, receipts, words: status === 'issued' && isTest ? 'test' : status };
}

export function createWriteReceipt({
  moneyOfTicket,
  fiscalReceiptsOf,
  parkNames,
  wallClock,
}: Dependencies): WriteReceipt {
  return async (ticket, language) => {
    const { ticketId, parkId, visitDate, priceTyiyn, paidTyiyn, promoCode } = ticket;
    if (priceTyiyn > 0n && paidTyiyn === 0n) return refuse({ code: 'not_paid' });
    const [money, park] = await Promise.all([moneyOfTicket(ticketId), parkNames(parkId)]);
    assert(park, 'the park of a ticket exists');
    const fiscal = await fiscalOf(money, fiscalReceiptsOf);
    const texts = RECEIPT_TEXTS[language];
    const written = (amountTyiyn: Tyiyn): Written => ({ amountTyiyn, amountText: formatMoney(amountTyiyn, language) });
    const moment = (atMs: number): Moment => ({ atMs, atText: wallClock(atMs, park.timeZone, language) });
    const textOf = (kind: PriceLine['kind']): string =>
      kind === 'promo_code' && promoCode !== null ? `${texts.lines[kind]} ${promoCode}` : texts.lines[kind];
    const sums = Object.entries(sumsOf(ticket, money)) as [ReceiptSum, Tyiyn][];
    return ok({
      title: texts.title,
      number: ticket.qrCode,
      ticketId,
      status: ticket.status,
      park: { parkId, name: park.names[language], address: park.addresses[language] },
      visitDate,
      visitDay: formatDay(visitDate, language),
      people: ticket.places,
      lines: ticket.priceLines.map(({ kind, quantity, unitTyiyn, amountTyiyn }) => ({
        kind,
        text: textOf(kind),
        quantity,
        unit: written(unitTyiyn),
        ...written(amountTyiyn),
      })),
      sums: sums.map(([kind, amountTyiyn]) => ({ kind, text: texts.sums[kind], ...written(amountTyiyn) })),
      payments: money.map(({ paymentId, method, reference, amountTyiyn, receivedAtMs }) => ({
        paymentId,
        method,
        methodText: texts.methods[method],
        reference,
        ...written(amountTyiyn),
        ...moment(receivedAtMs),
      })),
      refunds: money.flatMap(({ paymentId, refunds }) =>
        refunds.map(({ refundId, status, reference, amountTyiyn, requestedAtMs }) => ({
          refundId,
          paymentId,
          status,
          statusText: texts.refunds[status],
          reference,
          ...written(amountTyiyn),
          ...moment(requestedAtMs),
        })),
      ),
      fiscal: {
        status: fiscal.status,
        text: texts.fiscal[fiscal.words],
        receipts: fiscal.receipts.map((receipt) => ({ ...receipt, ...written(receipt.totalTyiyn) })),
      },
    });
  };
}

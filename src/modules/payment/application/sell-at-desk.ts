import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type Step } from '../../../kernel/command-runner.ts';
import { secretName } from '../../../kernel/ids.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentRefusal } from '../domain/payment-messages.ts';
import { shift, type ShiftRefusal } from '../domain/shift.ts';
import type { DeskRefusal, DeskVisit, Payments } from './ports.ts';
import { createSellByElqr, type DeskSale } from './sell-by-elqr.ts';
import type { OpenShiftOf } from './shifts.ts';
import type { StartPaymentRefusal } from './start-payment.ts';

/** How it is paid: in cash, by a card at the terminal whose slip is named, or by ELQR on the guest's phone. */
export type DeskPayment =
  | { readonly method: 'cash' }
  | { readonly method: 'elqr' }
  | { readonly method: 'elcard_terminal'; readonly terminalReference: string };

export type SellAtDeskRefusal = DeskRefusal | StartPaymentRefusal | { readonly code: 'no_open_shift' };

type SaleMeta = CommandMeta & { readonly commandId: string };
type Sold = Promise<Result<DeskSale, SellAtDeskRefusal>>;

export type SellAtDesk = (
  sale: Omit<DeskVisit, 'paymentId'> & { readonly cashierId: string; readonly payment: DeskPayment },
  meta: SaleMeta,
) => Sold;

type Dependencies = Parameters<typeof createSellByElqr>[0] & {
  readonly openShiftOf: OpenShiftOf;
  readonly payments: Payments;
  /** Headquarters alone asks an ELQR provider; the node of a park has none. */
  readonly providers: { has(method: 'elqr'): boolean };
  readonly clock: Clock;
};

/**
 * Ticket, payment and cash are one append: the ticket is valid exactly if the money is on record. A sale told again
 * finds its ticket, whatever became of the shift and the day.
 */
export function createSellAtDesk(dependencies: Dependencies): SellAtDesk {
  const { sellTicket, findSale, openShiftOf, payments, providers, ids, clock } = dependencies;
  const sellByElqr = createSellByElqr(dependencies);

  const paymentIdOf = ({ commandId }: SaleMeta): string => secretName(ids.derive(`payment:${commandId}`));

  /** What is stored with a ticket whose money is taken here. */
  function takingSteps(
    paymentId: string,
    parkId: string,
    taken: { readonly method: 'cash' | 'elcard_terminal'; readonly reference: string; readonly shiftId: string | null },
  ) {
    const { method, reference, shiftId } = taken;
    const providerKey = ids.derive(`provider-key:${paymentId}`);
    return ({ ticketId, priceTyiyn: amountTyiyn }: { readonly ticketId: string; readonly priceTyiyn: Tyiyn }) => {
      const nowMs = clock.now();
      const about = { paymentId, ticketId, amountTyiyn, nowMs };
      const paid = { type: 'take_at_desk', ...about, parkId, method, providerKey, reference } as const;
      const steps: Step<PaymentRefusal | ShiftRefusal>[] = [step(payment, paymentId, paid, { isNew: true })];
      if (shiftId !== null) steps.push(step(shift, shiftId, { type: 'take', ...about }));
      return steps;
    };
  }

  async function sellForMoney(
    visit: Omit<DeskVisit, 'paymentId'>,
    by: Exclude<DeskPayment, { readonly method: 'elqr' }>,
    cashierId: string,
    meta: SaleMeta,
  ): Sold {
    const { parkId } = visit;
    const isCash = by.method === 'cash';
    const shiftId = isCash ? await openShiftOf({ parkId, cashierId }) : null;
    if (isCash && shiftId === null) return refuse({ code: 'no_open_shift' });
    const paymentId = paymentIdOf(meta);
    const reference = by.method === 'cash' ? `shift ${shiftId}` : by.terminalReference;
    const steps = takingSteps(paymentId, parkId, { method: by.method, reference, shiftId });
    const sold = await sellTicket({ ...visit, paymentId }, steps, meta);
    if (sold.ok) return ok({ ticket: sold.value, payment: await payments.find(paymentId) });
    const { refusal } = sold;
    switch (refusal.code) {
      // Closed at this very moment.
      case 'shift_closed':
        return refuse({ code: 'no_open_shift' });
      case 'park_not_found':
      case 'park_closed':
      case 'park_at_capacity':
      case 'bad_child':
        return refuse(refusal);
      default:
        return assert(false, `a sale at the desk was refused as ${refusal.code}`) as never;
    }
  }

  return async ({ cashierId, payment: by, ...visit }, meta) => {
    if (by.method === 'elqr' && !providers.has('elqr'))
      return refuse({ code: 'provider_unavailable', otherMethods: [] });
    if (by.method === 'elqr') return sellByElqr({ ...visit, paymentId: null }, meta);
    const sold = await sellForMoney(visit, by, cashierId, meta);
    if (sold.ok) return sold;
    // What this very command sold may not be sold any more: its shift is closed since, the day is over or full.
    const before = await findSale(meta.commandId);
    return before === null ? sold : ok({ ticket: before.ticket, payment: await payments.find(paymentIdOf(meta)) });
  };
}

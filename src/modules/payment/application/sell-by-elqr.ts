import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { DeskRefusal, DeskTicket, DeskVisit, FindSale, GiveUpTicket, PaymentView, SellTicket } from './ports.ts';
import type { StartPayment, StartPaymentRefusal } from './start-payment.ts';

export type DeskSale = {
  readonly ticket: DeskTicket;
  /** Null when the visit costs nothing. */
  readonly payment: PaymentView | null;
};

type SaleMeta = CommandMeta & { readonly commandId: string };
type Sold = Promise<Result<DeskSale, DeskRefusal | StartPaymentRefusal>>;

export type SellByElqr = (visit: DeskVisit, meta: SaleMeta) => Sold;

type Dependencies = {
  readonly sellTicket: SellTicket;
  readonly findSale: FindSale;
  readonly giveUpTicket: GiveUpTicket;
  readonly startPayment: StartPayment;
  readonly ids: Ids;
};

/** How many tickets one command may hold and give up: each repeat looks up all that were before. */
const MOST_TICKETS = 5;

/**
 * The ticket is held like a guest's and its payment begins. Only when it is held can the provider be asked; where that is away
 * the ticket is given up, so that its places are free at once, and the same command told again sells another one, a few times.
 */
export function createSellByElqr(dependencies: Dependencies): SellByElqr {
  const { sellTicket, findSale, giveUpTicket, startPayment, ids } = dependencies;

  async function pay(ticket: DeskTicket, meta: SaleMeta): Sold {
    const { ticketId, priceTyiyn } = ticket;
    if (priceTyiyn === 0n) return ok({ ticket, payment: null });
    const started = await startPayment({ ticketId, userId: null, method: 'elqr', returnUrl: undefined }, meta);
    if (started.ok) return ok({ ticket, payment: started.value });
    if (started.refusal.code === 'provider_unavailable') {
      const { correlationId, commandId: causationId } = meta;
      await giveUpTicket(ticketId, { actor: 'system', correlationId, causationId });
    }
    return started;
  }

  return async (visit, meta) => {
    for (let attempt = 1; attempt <= MOST_TICKETS; attempt += 1) {
      const commandId = attempt === 1 ? meta.commandId : ids.derive(`desk-sale:${meta.commandId}/${attempt}`);
      const before = await findSale(commandId);
      if (before?.isCancelled === true) continue;
      if (before !== null) return pay(before.ticket, { ...meta, commandId });
      const sold = await sellTicket<never>(visit, () => [], { ...meta, commandId });
      return sold.ok ? pay(sold.value, { ...meta, commandId }) : sold;
    }
    return refuse({ code: 'provider_unavailable', otherMethods: [] });
  };
}

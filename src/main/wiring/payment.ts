import { ok, refuse } from '../../kernel/result.ts';
import { createPaymentModule, type PaymentModule } from '../../modules/payment/module.ts';
import type { Wiring } from './tools.ts';

export const wirePayment = ({ tools, all }: Wiring): PaymentModule =>
  createPaymentModule({
    ...tools,
    async mayPay(userId) {
      return (await all().auth.mayBeTrusted(userId)) ? ok(null) : refuse({ code: 'phone_not_verified' });
    },
    ticketOwner: (ticketId) => all().booking.ticketFacts.byId(ticketId),
    keepTicket: (request, meta) => all().booking.keepHold(request, meta),
    sellTicket: (visit, stepsOf, meta) => all().booking.sellAtDesk(visit, stepsOf, meta),
    findSale: (commandId) => all().booking.findSale(commandId),
    findDeskTicket: (ticketId) => all().booking.findDeskTicket(ticketId),
    async giveUpTicket(ticketId, meta) {
      // Whoever has paid it or ended it meanwhile was faster, and there is nothing to give up.
      const unpaid = { ticketId, why: 'staff', userId: null, reason: null, onlyHeld: true } as const;
      await all().booking.cancelTicket(unpaid, meta);
    },
    defaultReturnUrl: `${tools.publicUrl}/`,
  });

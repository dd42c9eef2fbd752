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
    defaultReturnUrl: `${tools.publicUrl}/`,
  });

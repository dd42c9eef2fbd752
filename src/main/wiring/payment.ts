import { createPaymentModule, type PaymentModule } from '../../modules/payment/module.ts';
import type { Wiring } from './tools.ts';

export const wirePayment = ({ tools, all }: Wiring): PaymentModule =>
  createPaymentModule({
    ...tools,
    keepTicket: (request, meta) => all().booking.keepHold(request, meta),
    defaultReturnUrl: `${tools.publicUrl}/`,
  });

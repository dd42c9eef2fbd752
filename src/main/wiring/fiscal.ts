import { qrPng } from '../../infrastructure/qr/qr-png.ts';
import { qrSvg } from '../../infrastructure/qr/qr-svg.ts';
import { createFiscalModule, type FiscalModule } from '../../modules/fiscal/module.ts';
import type { Wiring } from './tools.ts';

export const wireFiscal = ({ tools, all }: Wiring): FiscalModule =>
  createFiscalModule({
    ...tools,
    registers: tools.fiscalRegisters,
    async paymentOf(paymentId) {
      const { booking, payment } = all();
      const found = await payment.paymentRecords.payments.find(paymentId);
      if (found === null) return null;
      // Payments of the first version say no park.
      const parkId = found.parkId ?? (await booking.ticketFacts.byId(found.ticketId))?.parkId ?? '';
      return { parkId, isCash: found.method === 'cash' };
    },
    soldLines: (ticketId) => all().booking.soldLines(ticketId),
    ticketOwner: (ticketId) => all().booking.ticketFacts.byId(ticketId),
    qrImages: { svg: qrSvg, png: qrPng },
  });

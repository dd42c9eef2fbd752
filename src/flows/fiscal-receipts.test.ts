import { expect, test } from 'vitest';
import { systemIds as ids } from '../infrastructure/ids.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import { createFiscalReceiptsFlow } from './fiscal-receipts.ts';
import { refundIds } from './refund-ids.ts';

const told = (type: string, data: object): Recorded => ({ type, data, meta: { position: 7 } }) as unknown as Recorded;

async function wantedBy(event: Recorded, misfits: readonly string[] = []) {
  const wanted: object[] = [];
  await createFiscalReceiptsFlow({
    ids,
    wantSale: async (sale) => void wanted.push({ sale }),
    wantReturn: async (refund) => void wanted.push({ refund }),
    misfitsOf: async () => misfits,
  }).handle(event);
  return wanted;
}

test('money that came wants a receipt of a sale, and a refund that is out one of a return', async () => {
  const payment = { paymentId: 'payment', ticketId: 'ticket', amountTyiyn: 35_000n };
  expect(await wantedBy(told('PaymentSucceeded', { ...payment, userId: 'guest' }))).toEqual([
    { sale: { ...payment, position: 7 } },
  ]);
  expect(await wantedBy(told('RefundSucceeded', { ...payment, refundId: 'refund' }), ['event'])).toEqual([
    { refund: { ...payment, refundId: 'refund', isMisfit: false, position: 7 } },
  ]);
});

test('the refund of money that did not fit is told as such', async () => {
  const refundId = refundIds(ids).misfit('event');
  const refund = { paymentId: 'payment', ticketId: 'ticket', amountTyiyn: 1n, refundId };
  expect(await wantedBy(told('RefundSucceeded', refund), ['other', 'event'])).toEqual([
    { refund: { ...refund, isMisfit: true, position: 7 } },
  ]);
});

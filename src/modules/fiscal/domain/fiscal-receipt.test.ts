import { expect, test } from 'vitest';
import type { FiscalReceiptIssued } from '../contract.ts';
import { fiscalReceipt } from './fiscal-receipt.ts';
import { pauseAfter } from './pauses.ts';
import { receiptUrl } from './receipt-url.ts';

const data: FiscalReceiptIssued['data'] = {
  receiptId: 'receipt',
  kind: 'sale',
  paymentId: 'payment',
  refundId: null,
  ticketId: 'ticket',
  totalTyiyn: 91_950n,
  fnNumber: '0000000000000002',
  fdNumber: '172045',
  fiscalSign: '254486752077560',
  registerNumber: '0000000000000003',
  tin: '00000000000001',
  operationType: '1',
  localTime: '20260917T175623',
  tags: {},
  url: '',
  isTest: false,
  recordedAtMs: 0,
};

test('a receipt is issued once; the same told again is nothing new, another one is refused', () => {
  const { decide, evolve, initial } = fiscalReceipt;
  const first = decide(data, initial);
  expect(first).toEqual({ ok: true, value: [{ type: 'FiscalReceiptIssued', data }] });
  const state = evolve(initial, { type: 'FiscalReceiptIssued', data });
  expect(decide({ ...data, recordedAtMs: 5 }, state)).toEqual({ ok: true, value: [] });
  expect(decide({ ...data, fdNumber: '172046' }, state)).toMatchObject({ refusal: { code: 'issued_differently' } });
});

test('the address in its QR code is the one on receipts of the tax service', () => {
  const base = 'https://tax.salyk.kg/tax-web-control/client/api/v1/ticket';
  expect(receiptUrl(base, data, data.totalTyiyn)).toBe(
    `${base}?date=20260917T175623&type=3&operation_type=1&fn_number=0000000000000002&fd_number=172045&fm=254486752077560&tin=00000000000001&regNumber=0000000000000003&sum=91950`,
  );
});

test('pauses grow, differ by chance, and end at an hour and a quarter', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 1000].map((tries) => pauseAfter(tries, 0));
  expect(pauses).toEqual([...pauses].toSorted((one, other) => one - other));
  expect([pauses[0], pauses.at(-1)]).toEqual([2_000, 3_600_000]);
  expect(pauseAfter(1000, 0.999)).toBeLessThan(4_500_000);
  expect(pauseAfter(1, 0.5)).toBe(2_250);
});

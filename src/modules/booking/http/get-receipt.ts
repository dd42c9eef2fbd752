import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Receipt as ReceiptView, WriteReceipt } from '../application/receipt.ts';
import type { Tickets } from '../application/ticket-view.ts';
import { priceLineKind, refundStatus, ticketExample, ticketStatus } from './ticket-schema.ts';

const STAFF = ['gate', 'manager', 'finance', 'admin'] as const;

const amount = {
  amount: Type.String({ description: 'In som; negative for a discount', example: '350.00' }),
  amount_text: Type.String({ example: 'KGS 350' }),
};
const text = (example: string) => Type.String({ description: 'In the language of the answer', example });

const fiscalStatus = oneOf(['issued', 'pending', 'no_register', 'none_required'] as const);

const Receipt = Type.Object(
  {
    title: text('Receipt'),
    number: Type.String({ description: 'The `qr_code` of the ticket: its name towards staff' }),
    ticket_id: uuid(),
    status: ticketStatus,
    park: Type.Object({ id: Type.String(), name: text('Ala-Archa'), address: text('12 Chui Avenue, Bishkek') }),
    visit_date: date(),
    visit_day: text('5 December 2026'),
    people: Type.Integer({ description: 'The whole party' }),
    lines: Type.Array(
      Type.Object({
        kind: priceLineKind,
        text: text('Child from 3 years'),
        quantity: Type.Integer(),
        unit_price: Type.String({ example: '350.00' }),
        unit_price_text: Type.String({ example: 'KGS 350' }),
        ...amount,
      }),
      { description: 'The lines add up to the sum `price`' },
    ),
    sums: Type.Array(
      Type.Object({
        kind: oneOf(['price', 'received', 'refunded', 'to_refund', 'kept'] as const),
        text: text('Total'),
        ...amount,
      }),
      { description: '`received` is `refunded`, `to_refund` and `kept` together' },
    ),
    payments: Type.Array(
      Type.Object({
        id: uuid(),
        method: oneOf(['elqr', 'elcard', 'cash', 'elcard_terminal'] as const),
        method_text: text('ELQR'),
        reference: Type.String({ description: "The provider's name of the charge, a slip, or the shift of a till" }),
        ...amount,
        received_at: instant(),
        received_at_text: Type.String({ description: 'By the clock of the park', example: '1 December 2026, 12:05' }),
      }),
    ),
    refunds: Type.Array(
      Type.Object({
        id: uuid(),
        payment_id: uuid(),
        status: refundStatus,
        status_text: text('Money returned'),
        reference: nullable(Type.String({ description: "The provider's or the person's name of the payout" })),
        ...amount,
        requested_at: instant(),
        requested_at_text: Type.String({ description: 'By the clock of the park', example: '2 December 2026, 9:30' }),
      }),
    ),
    fiscal: Type.Object(
      {
        status: fiscalStatus,
        text: text('The fiscal receipt is issued'),
        receipts: Type.Array(
          Type.Object({
            id: nullable(uuid('Null while nobody has begun to issue it')),
            kind: oneOf(['sale', 'return'] as const),
            status: fiscalStatus,
            payment_id: uuid(),
            refund_id: nullable(uuid('Null for a sale')),
            ...amount,
            fn_number: nullable(Type.String({ description: 'Number of the fiscal module' })),
            fd_number: nullable(Type.String({ description: 'Number of the document at that module' })),
            fiscal_sign: nullable(Type.String()),
            register_number: nullable(Type.String()),
            url: nullable(Type.String({ description: 'Where the tax service shows it: what its QR code holds' })),
            qr: nullable(Type.String({ description: 'Path of that QR code as an image' })),
            is_test: Type.Boolean({ description: 'Of a test register: it is no fiscal receipt' }),
          }),
          { description: 'One for each payment that came and each refund that is out' },
        ),
      },
      {
        description:
          'Receipts for the tax service. `no_register`: no fiscal receipt exists, because no cash register is connected',
      },
    ),
  },
  { $id: 'Receipt' },
);

const sumExample = (kind: string, name: string, som: string) => ({
  kind,
  text: name,
  amount: `${som}.00`,
  amount_text: `KGS ${som}`,
});

const receiptExample = {
  title: 'Receipt',
  number: ticketExample.qr_code,
  ticket_id: ticketExample.id,
  status: 'active',
  park: { id: 'ala-archa', name: 'Ala-Archa', address: '12 Chui Avenue, Bishkek' },
  visit_date: '2026-12-05',
  visit_day: '5 December 2026',
  people: 1,
  lines: [
    {
      ...sumExample('child_over_3', 'Child from 3 years', '350'),
      quantity: 1,
      unit_price: '350.00',
      unit_price_text: 'KGS 350',
    },
  ],
  sums: [
    sumExample('price', 'Total', '350'),
    sumExample('received', 'Received', '350'),
    sumExample('refunded', 'Refunded', '0'),
    sumExample('to_refund', 'To be refunded', '0'),
    sumExample('kept', 'Stays paid', '350'),
  ],
  payments: [
    {
      id: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
      method: 'elqr',
      method_text: 'ELQR',
      reference: 'b7a0c2de-5b7c-4c3a-9d4e-2f6a8b1c0d3e',
      amount: '350.00',
      amount_text: 'KGS 350',
      received_at: '2026-12-01T06:05:00.000Z',
      received_at_text: '1 December 2026, 12:05',
    },
  ],
  refunds: [],
  fiscal: {
    status: 'issued',
    text: 'The fiscal receipt is issued',
    receipts: [
      {
        id: '0c4b2f7e-1d7a-5c3a-9d4e-2f6a8b1c0d3e',
        kind: 'sale',
        status: 'issued',
        payment_id: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
        refund_id: null,
        amount: '350.00',
        amount_text: 'KGS 350',
        fn_number: '0000000002369707',
        fd_number: '172045',
        fiscal_sign: '254486752077560',
        register_number: '0000000000229871',
        url: 'https://tax.salyk.kg/tax-web-control/client/api/v1/ticket?date=20261201T120507&type=3&operation_type=1&fn_number=0000000002369707&fd_number=172045&fm=254486752077560&tin=00000000000000&regNumber=0000000000229871&sum=35000',
        qr: '/api/v1/fiscal-receipts/0c4b2f7e-1d7a-5c3a-9d4e-2f6a8b1c0d3e/qr',
        is_test: false,
      },
    ],
  },
};

type Written = ReceiptView['sums'][number];
const toAmount = ({ amountTyiyn, amountText }: Pick<Written, 'amountTyiyn' | 'amountText'>) => ({
  amount: formatSom(amountTyiyn),
  amount_text: amountText,
});

const toReceipt = ({ title, number, status, people, ...view }: ReceiptView) => ({
  title,
  number,
  ticket_id: view.ticketId,
  status,
  park: { id: view.park.parkId, name: view.park.name, address: view.park.address },
  visit_date: view.visitDate,
  visit_day: view.visitDay,
  people,
  lines: view.lines.map((line) => ({
    kind: line.kind,
    text: line.text,
    quantity: line.quantity,
    unit_price: formatSom(line.unit.amountTyiyn),
    unit_price_text: line.unit.amountText,
    ...toAmount(line),
  })),
  sums: view.sums.map((sum) => ({ kind: sum.kind, text: sum.text, ...toAmount(sum) })),
  payments: view.payments.map((payment) => ({
    id: payment.paymentId,
    method: payment.method,
    method_text: payment.methodText,
    reference: payment.reference,
    ...toAmount(payment),
    received_at: toInstant(payment.atMs),
    received_at_text: payment.atText,
  })),
  refunds: view.refunds.map((refund) => ({
    id: refund.refundId,
    payment_id: refund.paymentId,
    status: refund.status,
    status_text: refund.statusText,
    reference: refund.reference,
    ...toAmount(refund),
    requested_at: toInstant(refund.atMs),
    requested_at_text: refund.atText,
  })),
  fiscal: toFiscal(view.fiscal),
});

function toFiscal({ status, text: words, receipts }: ReceiptView['fiscal']) {
  return {
    status,
    text: words,
    receipts: receipts.map(({ issued, ...receipt }) => ({
      id: receipt.receiptId,
      kind: receipt.kind,
      status: receipt.status,
      payment_id: receipt.paymentId,
      refund_id: receipt.refundId,
      ...toAmount(receipt),
      fn_number: issued?.fnNumber ?? null,
      fd_number: issued?.fdNumber ?? null,
      fiscal_sign: issued?.fiscalSign ?? null,
      register_number: issued?.registerNumber ?? null,
      url: issued?.url ?? null,
      qr: issued === null ? null : `/api/v1/fiscal-receipts/${receipt.receiptId}/qr`,
      is_test: issued?.isTest ?? false,
    })),
  };
}

export const getReceiptRoute = (tickets: Tickets, writeReceipt: WriteReceipt) =>
  defineRoute({
    method: 'GET',
    path: '/tickets/:id/receipt',
    operationId: 'getReceipt',
    summary: 'The receipt of a ticket',
    description:
      'For its owner and the staff of its park, once it is paid or if it costs nothing, also after it was cancelled. Texts follow `Accept-Language`.',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: {
      200: {
        description: 'The receipt',
        headers: { Vary: 'Accept-Language' },
        schema: Receipt,
        example: receiptExample,
      },
    },
    problems: ['ticket_not_found', 'not_paid'],
    async handle({ params, principal, language }) {
      const found = await tickets.find(params.id);
      const maySee = found !== null && (found.userId === principal.userId || hasRoleAt(principal, STAFF, found.parkId));
      if (!maySee) return problem('ticket_not_found');
      const written = await writeReceipt(found, language);
      if (!written.ok) return problem(written.refusal.code);
      return { status: 200, headers: { vary: 'Accept-Language' }, body: toReceipt(written.value) };
    },
  });

import { Type } from 'typebox';
import type { Static } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, money, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { DeskPayment, SellAtDesk } from '../application/sell-at-desk.ts';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import type { FindDeskTicket, Payments } from '../application/ports.ts';
import type { DeskSale } from '../application/sell-by-elqr.ts';
import { parkSlug, Payment, paymentExample, toPayment } from './payment-schema.ts';

/** Who sells at a desk. */
const DESK_ROLES = ['gate', 'manager', 'admin'] as const;

const Body = Type.Object({
  park_id: parkSlug,
  children: Type.Array(
    Type.Object({
      age: Type.Integer({ minimum: 0, maximum: 17, example: 5 }),
      name: Type.Optional(text(60, { description: 'Nobody has to say it' })),
    }),
    { minItems: 1, maxItems: 50 },
  ),
  adults: Type.Optional(Type.Integer({ minimum: 0, maximum: 50, description: '0 if absent', example: 1 })),
  method: oneOf(['cash', 'elcard_terminal', 'elqr'] as const),
  terminal_reference: Type.Optional(text(64, { description: 'The slip’s number; needed with `elcard_terminal`' })),
});

const DeskTicket = Type.Object(
  {
    id: uuid(),
    user_id: nullable(uuid('Null: a ticket of the desk belongs to nobody')),
    park_id: parkSlug,
    visit_date: date(),
    status: oneOf(
      ['pending_payment', 'active', 'used', 'expired', 'cancelled', 'refunded'],
      'Of a sale told again: what became of its ticket',
    ),
    qr_code: Type.String(),
    price: money(),
    people: Type.Integer({ description: 'The whole party' }),
    expires_at: instant('When an unpaid ticket gives its places back'),
    admission_code: nullable(Type.String({ description: 'The signed code for the gate; null while unpaid' })),
    payment: nullable(Payment),
  },
  { $id: 'DeskTicket' },
);

const example = {
  id: paymentExample.ticket_id,
  user_id: null,
  park_id: 'dordoi',
  visit_date: '2026-12-05',
  status: 'active',
  qr_code: 'Zk3vX0pJc9uQ2mTn',
  price: '350.00',
  people: 2,
  expires_at: '2026-12-05T06:15:00.000Z',
  admission_code: 'SKY1.AZNvLlt8.c2lnbmVk',
  payment: { ...paymentExample, status: 'succeeded', method: 'cash', external_id: null, action: null },
} as const;

const toDeskTicket = ({ ticket, payment }: DeskSale) => ({
  id: ticket.ticketId,
  user_id: null,
  park_id: ticket.parkId,
  visit_date: ticket.visitDate,
  status: ticket.status,
  qr_code: ticket.qrCode,
  price: formatSom(ticket.priceTyiyn),
  people: ticket.places,
  expires_at: toInstant(ticket.expiresAtMs),
  admission_code: ticket.admissionCode,
  payment: payment === null ? null : toPayment(payment),
});

const NO_REFERENCE = problem('validation_failed', {
  errors: [{ path: 'terminal_reference', message: 'goes with elcard_terminal, and only with it' }],
});

/** Null when the reference of a terminal is missing, or is there without one. */
function paymentOf({ method, terminal_reference: reference }: Static<typeof Body>): DeskPayment | null {
  if (method !== 'elcard_terminal') return reference === undefined ? { method } : null;
  return reference === undefined ? null : { method, terminalReference: reference };
}

export const sellAtDeskRoute = (sellAtDesk: SellAtDesk) =>
  defineRoute({
    method: 'POST',
    path: '/gate/sales',
    operationId: 'sellAtDesk',
    summary: 'Sell a ticket for today at the desk',
    description:
      'For cash, out of the caller’s open shift, and for a card at the terminal the ticket is active at once; by ELQR it waits for its payment, whose `action` is shown to the guest. Where the provider is away, a key may be used again some ' +
      'times; a sale that goes on being refused needs a new one.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: DESK_ROLES, parkFrom: 'body.park_id' },
    stepUp: 'none',
    idempotency: 'required',
    body: Body,
    bodyExample: { park_id: 'dordoi', children: [{ age: 5 }], adults: 1, method: 'cash' },
    responses: { 201: { description: 'The ticket and its payment', schema: DeskTicket, example } },
    problems: [
      'park_not_found',
      'park_closed',
      'park_at_capacity',
      'no_open_shift',
      'ticket_not_payable',
      'payment_in_progress',
      'provider_unavailable',
      'validation_failed',
    ],
    async handle({ body, principal, correlationId, commandId }) {
      const payment = paymentOf(body);
      if (payment === null) return NO_REFERENCE;
      const children = body.children.map(({ age, name = null }) => ({ age, name }));
      const sale = { parkId: body.park_id, children, adults: body.adults ?? 0, cashierId: principal.userId, payment };
      const sold = await sellAtDesk(sale, { actor: principal.actor, correlationId, commandId });
      if (sold.ok) {
        const isUnknown = sold.value.payment?.status === 'unknown';
        return { status: 201, body: toDeskTicket(sold.value), ...(isUnknown ? { keep: false } : {}) };
      }
      const { refusal } = sold;
      switch (refusal.code) {
        case 'park_at_capacity':
          return problem('park_at_capacity', { extra: { remaining: refusal.remaining } });
        case 'bad_child':
          return problem('validation_failed', {
            errors: [{ path: `children.${refusal.index}`, message: refusal.message }],
          });
        case 'provider_unavailable':
          return problem('provider_unavailable', { extra: { other_methods: ['cash', 'elcard_terminal'] } });
        case 'payment_in_progress':
          return problem('payment_in_progress', { extra: { payment_id: refusal.paymentId } });
        case 'hold_expired':
        case 'ticket_not_payable':
        case 'ticket_not_found':
        case 'phone_not_verified':
          return problem('ticket_not_payable');
        default:
          return problem(refusal.code);
      }
    },
  });

export const getDeskSaleRoute = (findDeskTicket: FindDeskTicket, payments: Pick<Payments, 'ofTicket'>) =>
  defineRoute({
    method: 'GET',
    path: '/gate/sales/:id',
    operationId: 'getDeskSale',
    summary: 'A ticket of the desk as it is now',
    description:
      'With its admission code once it is paid: who pays by ELQR gets it from here. `payment` is the newest one.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: DESK_ROLES, parkFrom: 'resource' },
    params: Type.Object({ id: uuid('Of the ticket') }),
    responses: { 200: { description: 'The ticket and its payment', schema: DeskTicket, example } },
    problems: ['ticket_not_found'],
    async handle({ params, principal }) {
      const ticket = await findDeskTicket(params.id);
      if (ticket === null || !hasRoleAt(principal, DESK_ROLES, ticket.parkId)) return problem('ticket_not_found');
      const payment = (await payments.ofTicket(ticket.ticketId)).at(-1) ?? null;
      return { status: 200, body: toDeskTicket({ ticket, payment }) };
    },
  });

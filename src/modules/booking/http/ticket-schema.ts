import { Type, type Static } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { date, instant, money, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import { Leaving, PendingMove, toLeaving, toPendingMove } from './ticket-move-schema.ts';
import type { VisitRefusal, VisitRequest, ChildInput } from '../application/plan-visit.ts';
import type { Cancellation, PriceLine, TicketRefund as RefundView, TicketView } from '../application/ticket-view.ts';

const TICKET_STATUSES = ['pending_payment', 'active', 'used', 'expired', 'cancelled', 'refunded'] as const;
export const ticketStatus = oneOf(TICKET_STATUSES);
export const ticketType = oneOf(['single', 'group'] as const);
export const parkSlug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 50, example: 'ala-archa' });

export const VisitBody = Type.Object(
  {
    park_id: parkSlug,
    visit_date: date('Day of the visit in the time zone of the park'),
    ticket_type: Type.Optional(ticketType),
    children: Type.Array(
      Type.Union([
        Type.Object({ child_id: uuid('A child of the profile') }),
        Type.Object({
          name: text(100),
          age: Type.Integer({ minimum: 0, maximum: 17, description: 'On the day of the visit' }),
        }),
        Type.Object({ name: text(100), birth_date: date('Date of birth') }),
      ]),
      { minItems: 1, maxItems: 50 },
    ),
    adults: Type.Optional(Type.Integer({ minimum: 0, maximum: 50 })),
    promo_code: Type.Optional(text(40, { description: 'In any case', example: 'WINTER26' })),
    points: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Points to spend, at most half of the price' }),
    ),
    pass_id: Type.Optional(uuid('Your pass that this is a visit of; without `promo_code` and `points`')),
  },
  { $id: 'VisitRequest' },
);

export const visitExample = {
  park_id: 'ala-archa',
  visit_date: '2026-12-05',
  children: [{ name: 'Aibek', age: 5 }],
  adults: 1,
};

export const priceLineKind = oneOf([
  'child_under_3',
  'child_over_3',
  'adult',
  'pass',
  'group_discount',
  'promo_code',
  'tier_discount',
  'points',
] as const);

export const PriceBreakdown = Type.Array(
  Type.Object({
    kind: priceLineKind,
    quantity: Type.Integer(),
    unit_price: Type.String({ description: 'In som; negative for a discount', example: '350.00' }),
    amount: Type.String({ example: '350.00' }),
  }),
  { description: 'The lines add up to the price' },
);

export const priceLinesExample = [
  { kind: 'child_over_3', quantity: 1, unit_price: '350.00', amount: '350.00' },
  { kind: 'adult', quantity: 1, unit_price: '0.00', amount: '0.00' },
] as const;

export const ageBandWord = oneOf(['0-2', '3-6', '7-12', '13-17'] as const);

export const Cancelled = Type.Object({
  by: oneOf(['guest', 'staff', 'day_closed', 'override'] as const),
  reason: nullable(Type.String()),
  at: instant(),
});

export const refundStatus = oneOf(
  ['requested', 'voiding', 'submitted', 'succeeded', 'denied_used', 'manual'] as const,
  '`requested`: the money is to go back, and its provider was not asked yet, or the gates of the park were asked to end the ticket and have not answered; `submitted`: the provider is being asked, or its answer is awaited; `succeeded`: the money is out; `manual`: no provider pays it out, a person does; `denied_used`: the park had let somebody in by the ticket before it heard of the cancellation. `voiding` is kept for later',
);

export const TicketRefund = Type.Object({ status: refundStatus, amount: money('What of the newest refund') });

export const Ticket = Type.Object(
  {
    id: uuid(),
    user_id: nullable(uuid('Null for a ticket sold at the desk')),
    park_id: Type.String(),
    ticket_type: ticketType,
    visit_date: date(),
    qr_code: Type.String({
      description: 'Unique from the beginning; names the ticket to staff, lets nobody in by itself',
    }),
    status: ticketStatus,
    price: money(),
    price_breakdown: PriceBreakdown,
    paid: money('Money received and not given back by a move; 0.00 while unpaid'),
    promo_code: nullable(Type.String()),
    points_spent: Type.Integer(),
    pass_id: nullable(uuid('The pass that it is a visit of')),
    children_data: Type.Array(
      Type.Object({
        child_id: nullable(uuid()),
        name: nullable(Type.String({ description: 'Null once the guest was erased' })),
        age: nullable(Type.Integer({ description: 'On the day of the visit' })),
        age_band: ageBandWord,
      }),
    ),
    adults: Type.Integer(),
    people: Type.Integer({ description: 'The whole party' }),
    remaining: Type.Integer({ description: 'People who may still enter' }),
    created_at: instant(),
    used_at: nullable(instant()),
    expires_at: instant('When an unpaid ticket gives its places back'),
    admission_code: nullable(
      Type.String({ description: 'The signed code for the gate; null unless paid and with people left' }),
    ),
    moved_from: nullable(date('The day it was moved from')),
    pending_move: nullable(PendingMove),
    leaving: nullable(Leaving),
    cancelled: nullable(Cancelled),
    refund: nullable(TicketRefund),
  },
  { $id: 'Ticket' },
);

export const ticketExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  user_id: '01936f2e-0000-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'ala-archa',
  ticket_type: 'single',
  visit_date: '2026-12-05',
  qr_code: 'q3Jx0v1mT8uZr5cWk2bN7A',
  status: 'pending_payment',
  price: '350.00',
  price_breakdown: priceLinesExample,
  paid: '0.00',
  promo_code: null,
  points_spent: 0,
  pass_id: null,
  children_data: [{ child_id: null, name: 'Aibek', age: 5, age_band: '3-6' }],
  adults: 1,
  people: 2,
  remaining: 2,
  created_at: '2026-12-01T06:00:00.000Z',
  used_at: null,
  expires_at: '2026-12-01T06:15:00.000Z',
  admission_code: null,
  moved_from: null,
  pending_move: null,
  leaving: null,
  cancelled: null,
  refund: null,
};

export const toLines = (lines: readonly PriceLine[]) =>
  lines.map(({ kind, quantity, unitTyiyn, amountTyiyn }) => ({
    kind,
    quantity,
    unit_price: formatSom(unitTyiyn),
    amount: formatSom(amountTyiyn),
  }));

export const toCancelled = (cancelled: Cancellation | null) =>
  cancelled === null ? null : { by: cancelled.why, reason: cancelled.reason, at: toInstant(cancelled.cancelledAtMs) };

export const toTicketRefund = (refund: RefundView | null) =>
  refund === null ? null : { status: refund.status, amount: formatSom(refund.amountTyiyn) };

export const toTicket = (view: TicketView) => ({
  id: view.ticketId,
  user_id: view.userId,
  park_id: view.parkId,
  ticket_type: view.ticketType,
  visit_date: view.visitDate,
  qr_code: view.qrCode,
  status: view.status,
  price: formatSom(view.priceTyiyn),
  price_breakdown: toLines(view.priceLines),
  paid: formatSom(view.paidTyiyn),
  promo_code: view.promoCode,
  points_spent: view.pointsSpent,
  pass_id: view.passId,
  children_data: view.children.map(({ childId, name, age, ageBand }) => ({
    child_id: childId,
    name,
    age,
    age_band: ageBand,
  })),
  adults: view.adults,
  people: view.places,
  remaining: view.remaining,
  created_at: toInstant(view.createdAtMs),
  used_at: view.usedAtMs === null ? null : toInstant(view.usedAtMs),
  expires_at: toInstant(view.expiresAtMs),
  admission_code: view.admissionCode,
  moved_from: view.movedFrom,
  pending_move: toPendingMove(view.pendingMove),
  leaving: toLeaving(view.leaving),
  cancelled: toCancelled(view.cancelled),
  refund: toTicketRefund(view.refund),
});

const toChild = (child: Static<typeof VisitBody>['children'][number]): ChildInput => {
  if ('child_id' in child) return { childId: child.child_id };
  return 'age' in child ? { name: child.name, age: child.age } : { name: child.name, birthDate: child.birth_date };
};

export const toVisit = <UserId extends string | null>(
  body: Static<typeof VisitBody>,
  userId: UserId,
): VisitRequest & { readonly userId: UserId } => ({
  userId,
  parkId: body.park_id,
  visitDate: body.visit_date,
  ticketType: body.ticket_type,
  children: body.children.map(toChild),
  adults: body.adults ?? 0,
  promoCode: body.promo_code,
  points: body.points,
  passId: body.pass_id,
});

/** What a visit may be refused as, whether it is bought or only asked for. */
export const visitProblems = [
  'park_not_found',
  'park_closed',
  'date_not_bookable',
  'child_not_found',
  'promo_not_found',
  'promo_expired',
  'promo_not_applicable',
  'promo_used_up',
  'points_insufficient',
  'points_over_limit',
  'validation_failed',
] as const;

const WITHOUT_PASS = { promoCode: 'promo_code', points: 'points', ticketType: 'ticket_type' } as const;

export function visitProblem(refusal: VisitRefusal) {
  switch (refusal.code) {
    case 'date_not_bookable':
      return problem('date_not_bookable', { extra: { bookable_from: refusal.from, bookable_to: refusal.to } });
    case 'points_insufficient':
      return problem('points_insufficient', { extra: { available: refusal.available } });
    case 'points_over_limit':
      return problem('points_over_limit', { extra: { limit: refusal.limit } });
    case 'bad_child':
      return problem('validation_failed', {
        errors: [{ path: `children.${refusal.index}`, message: refusal.message }],
      });
    case 'not_with_pass':
      return problem('validation_failed', {
        errors: [{ path: WITHOUT_PASS[refusal.what], message: 'does not go with a pass' }],
      });
    case 'too_few_children':
      return problem('validation_failed', {
        errors: [{ path: 'children', message: 'a group has at least 10 children' }],
      });
    default:
      return problem(refusal.code);
  }
}

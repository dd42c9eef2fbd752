import { Type, type Static } from 'typebox';
import { formatSom, parseSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem, type FieldError } from '../../../infrastructure/http/problem.ts';
import { date, instant, money, nullable, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { PassOrder } from '../application/issue-pass.ts';
import type { PassRefusal } from '../application/pass-visits.ts';
import type { PassView } from '../application/passes.ts';
import { parkSlug } from './ticket-schema.ts';

const passFields = {
  name: nullable(text(100, { description: 'What the pass is called' })),
  park_ids: Type.Array(parkSlug, { minItems: 1, maxItems: 50, uniqueItems: true, description: 'Where it is good' }),
  valid_from: date('First day'),
  valid_to: date('Last day'),
  visits: nullable(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'In all parks together; null when they are not counted' }),
  ),
  people: Type.Integer({ minimum: 1, maximum: 10, description: 'Most people of one visit, grown-ups included' }),
  price: money('What was paid for it'),
  payment_reference: text(100, { description: 'How the books name that payment', example: 'receipt 1742' }),
};

export const PassBody = Type.Object(
  {
    user_id: Type.Optional(uuid('For whom; either this or `phone`')),
    phone: Type.Optional(text(20, { description: 'Number of the account that it is for', example: '+996555123456' })),
    ...passFields,
    name: Type.Optional(passFields.name),
  },
  { $id: 'PassRequest' },
);

export const passBodyExample = {
  phone: '+996555123456',
  name: 'Winter pass',
  park_ids: ['ala-archa', 'osh'],
  valid_from: '2026-12-01',
  valid_to: '2027-02-28',
  visits: 10,
  people: 3,
  price: '6000.00',
  payment_reference: 'receipt 1742',
};

export const PassSchema = Type.Object(
  {
    id: uuid(),
    user_id: uuid(),
    ...passFields,
    visits_booked: Type.Integer({ description: 'Visits that were booked and did not come back' }),
    visits_left: nullable(Type.Integer({ description: 'Null when visits are not counted' })),
    issued_at: instant(),
    cancelled: nullable(Type.Object({ reason: nullable(Type.String()), at: instant() })),
  },
  { $id: 'Pass' },
);

const { phone: _phone, ...exampleTerms } = passBodyExample;
export const passExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  user_id: '01936f2e-0000-7c3a-9d4e-2f6a8b1c0d3e',
  ...exampleTerms,
  visits_booked: 1,
  visits_left: 9,
  issued_at: '2026-12-01T06:00:00.000Z',
  cancelled: null,
};

export const toPass = (view: PassView) => ({
  id: view.passId,
  user_id: view.userId,
  name: view.name,
  park_ids: [...view.parkIds],
  valid_from: view.validFrom,
  valid_to: view.validTo,
  visits: view.visits,
  people: view.people,
  price: formatSom(view.priceTyiyn),
  payment_reference: view.paymentReference,
  visits_booked: view.visitsBooked,
  visits_left: view.visits === null ? null : view.visits - view.visitsBooked,
  issued_at: toInstant(view.issuedAtMs),
  cancelled:
    view.cancelled === null ? null : { reason: view.cancelled.reason, at: toInstant(view.cancelled.cancelledAtMs) },
});

/** The order of a body, or what is wrong with it. */
export function readPassOrder(body: Static<typeof PassBody>): PassOrder | readonly FieldError[] {
  const errors: FieldError[] = [];
  const { user_id: userId, phone } = body;
  const priceTyiyn = parseSom(body.price);
  if ((userId === undefined) === (phone === undefined)) {
    errors.push({ path: 'user_id', message: 'either user_id or phone' });
  }
  if (body.valid_to < body.valid_from) errors.push({ path: 'valid_to', message: 'must not be before valid_from' });
  if (priceTyiyn === null) errors.push({ path: 'price', message: 'must be a sum' });
  if (errors.length > 0 || priceTyiyn === null) return errors;
  return {
    guest: userId === undefined ? { phone: phone ?? '' } : { userId },
    name: body.name ?? null,
    parkIds: body.park_ids,
    validFrom: body.valid_from,
    validTo: body.valid_to,
    visits: body.visits,
    people: body.people,
    priceTyiyn,
    paymentReference: body.payment_reference,
  };
}

/** What a visit may be refused as because of its pass. */
export const passProblems = ['pass_not_found', 'pass_not_valid', 'pass_used_up', 'pass_day_taken'] as const;

export const passProblem = (refusal: PassRefusal) =>
  refusal.code === 'pass_not_valid'
    ? problem('pass_not_valid', { extra: { why: refusal.why } })
    : problem(refusal.code);

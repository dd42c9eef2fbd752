import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import { isUuid } from '../../../kernel/ids.ts';
import { formatSom, parseSom } from '../../../kernel/money.ts';
import { hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { money, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Payments, Refunds, Shifts, ShiftView } from '../application/ports.ts';
import type { Tills } from '../application/shifts.ts';
import { parkSlug } from './payment-schema.ts';
import { Refund, refundExample, toRefund } from './refund-schema.ts';
import { Shift, shiftExample, toShift } from './shift-schema.ts';

export const DESK = ['gate', 'manager', 'admin'] as const;
const STAFF = ['gate', 'manager', 'finance', 'admin'] as const;
const SUPERVISORS = ['manager', 'finance', 'admin'] as const;

/** Their own shifts, or as a supervisor all of the park. */
const maySee = (principal: Principal, { cashierId, parkId }: ShiftView): boolean =>
  cashierId === principal.userId || hasRoleAt(principal, SUPERVISORS, parkId);

const sumFault = (path: string) =>
  problem('validation_failed', { errors: [{ path, message: 'must be a sum such as 350.00' }] });

async function known(shifts: Shifts, shiftId: string): Promise<ShiftView> {
  const found = await shifts.find(shiftId);
  assert(found, 'a stored shift is in the read model');
  return found;
}

export const openShiftRoute = (tills: Tills, shifts: Shifts) =>
  defineRoute({
    method: 'POST',
    path: '/gate/shifts',
    operationId: 'openShift',
    summary: 'Begin to take cash at a park',
    description: 'One open shift a person and park. `float` is the cash that is in the till at the start.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: DESK, parkFrom: 'body.park_id' },
    stepUp: 'none',
    idempotency: 'required',
    body: Type.Object({ park_id: parkSlug, float: money('Cash at the start') }),
    bodyExample: { park_id: 'dordoi', float: '1000.00' },
    responses: { 201: { description: 'The shift', schema: Shift, example: shiftExample } },
    problems: ['shift_already_open', 'validation_failed'],
    async handle({ body, principal, correlationId, commandId }) {
      const floatTyiyn = parseSom(body.float);
      if (floatTyiyn === null) return sumFault('float');
      const opening = { parkId: body.park_id, cashierId: principal.userId, floatTyiyn };
      const opened = await tills.open(opening, { actor: principal.actor, correlationId, commandId });
      if (!opened.ok) return problem('shift_already_open', { extra: { shift_id: opened.refusal.shiftId } });
      return { status: 201, body: toShift(await known(shifts, opened.value.shiftId)) };
    },
  });

export const closeShiftRoute = (tills: Tills, shifts: Shifts) =>
  defineRoute({
    method: 'POST',
    path: '/gate/shifts/:id/close',
    operationId: 'closeShift',
    summary: 'Count the till and end a shift',
    description: 'By its cashier or a manager of the park. The difference is kept, whatever it is.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'resource' },
    stepUp: 'none',
    idempotency: 'required',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({ counted: money('Cash that was counted in the till') }),
    bodyExample: { counted: '1349.00' },
    responses: {
      200: {
        description: 'The shift',
        schema: Shift,
        example: {
          ...shiftExample,
          status: 'closed',
          counted: '1349.00',
          difference: '-1.00',
          closed_at: '2026-12-05T15:30:00.000Z',
        },
      },
    },
    problems: ['shift_not_found', 'shift_closed', 'not_home', 'validation_failed'],
    async handle({ params, body, principal, correlationId, commandId }) {
      const found = await shifts.find(params.id);
      if (found === null || !maySee(principal, found)) return problem('shift_not_found');
      const countedTyiyn = parseSom(body.counted);
      if (countedTyiyn === null) return sumFault('counted');
      const closing = { ...found, countedTyiyn };
      const closed = await tills.close(closing, { actor: principal.actor, correlationId, commandId });
      if (!closed.ok) return problem('shift_closed');
      return { status: 200, body: toShift(await known(shifts, params.id)) };
    },
  });

export const getShiftRoute = (shifts: Shifts) =>
  defineRoute({
    method: 'GET',
    path: '/gate/shifts/:id',
    operationId: 'getShift',
    summary: 'How a shift stands',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'resource' },
    params: Type.Object({ id: uuid() }),
    responses: { 200: { description: 'The shift', schema: Shift, example: shiftExample } },
    problems: ['shift_not_found'],
    async handle({ params, principal }) {
      const found = await shifts.find(params.id);
      return found !== null && maySee(principal, found)
        ? { status: 200, body: toShift(found) }
        : problem('shift_not_found');
    },
  });

export const listShiftsRoute = (shifts: Shifts) =>
  defineRoute({
    method: 'GET',
    path: '/gate/shifts',
    operationId: 'listShifts',
    summary: 'Shifts of a park, newest first',
    description: 'Gate staff see their own, managers and finance all.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'query.park_id' },
    query: Type.Object({ ...pageQuery, park_id: parkSlug }),
    responses: {
      200: {
        description: 'A page of shifts',
        schema: pageOf(Shift),
        example: { items: [shiftExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const parkId = query.park_id;
      const cashierId = hasRoleAt(principal, SUPERVISORS, parkId) ? undefined : principal.userId;
      const byId = ({ shiftId }: ShiftView): string => shiftId;
      const page = await readPage('shifts', query, byId, async (before, limit) => {
        if (before !== null && !isUuid(before)) return null;
        return shifts.list({ parkId, cashierId, before: before ?? undefined, limit });
      });
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toShift), next_cursor: page.value.next } };
    },
  });

type PayoutPorts = { readonly tills: Tills; readonly payments: Payments; readonly refunds: Refunds };

export const payOutInCashRoute = ({ tills, payments, refunds }: PayoutPorts) =>
  defineRoute({
    method: 'POST',
    path: '/gate/refunds',
    operationId: 'payOutInCash',
    summary: 'Pay a refund of a cash sale out of the till',
    description: 'Out of the caller’s open shift at the park of the sale. The till never pays out what is not in it.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: DESK, parkFrom: 'resource' },
    stepUp: 'required',
    idempotency: 'required',
    body: Type.Object({ payment_id: uuid(), refund_id: uuid() }),
    bodyExample: { payment_id: refundExample.payment_id, refund_id: refundExample.id },
    responses: {
      200: {
        description: 'The refund',
        schema: Refund,
        example: { ...refundExample, method: 'cash', status: 'succeeded', reference: `shift ${shiftExample.id}` },
      },
    },
    problems: [
      'payment_not_found',
      'refund_not_found',
      'refund_not_manual',
      'no_open_shift',
      'shift_closed',
      'till_short',
      'not_home',
    ],
    async handle({ body, principal, correlationId, commandId }) {
      const paid = await payments.find(body.payment_id);
      if (paid === null || paid.parkId === null || !hasRoleAt(principal, DESK, paid.parkId)) {
        return problem('payment_not_found');
      }
      const refund = await refunds.find(body.refund_id);
      if (refund?.paymentId !== paid.paymentId) return problem('refund_not_found');
      if (paid.method !== 'cash') return problem('refund_not_manual');
      const { refundId, paymentId, amountTyiyn } = refund;
      const payout = { parkId: paid.parkId, cashierId: principal.userId, paymentId, refundId, amountTyiyn };
      const done = await tills.payOutInCash(payout, { actor: principal.actor, correlationId, commandId });
      if (!done.ok) {
        const { refusal } = done;
        return refusal.code === 'till_short'
          ? problem('till_short', { extra: { cash: formatSom(refusal.cashTyiyn) } })
          : problem(refusal.code);
      }
      const after = await refunds.find(refundId);
      assert(after, 'a refund that was paid out is in the read model');
      return { status: 200, body: toRefund(after) };
    },
  });

import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { hasRole, hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute, type Route } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { CancelPass } from '../application/cancel-pass.ts';
import type { IssuePass, PassOrder } from '../application/issue-pass.ts';
import type { Passes, PassView } from '../application/passes.ts';
import { PassBody, passBodyExample, passExample, PassSchema, readPassOrder, toPass } from './pass-schema.ts';

const STAFF = ['manager', 'admin'] as const;
const shown = { description: 'The pass', schema: PassSchema, example: passExample };

/** Whoever gives or ends a pass answers for all of its parks. */
const managesAll = (principal: Principal, parkIds: readonly string[]): boolean =>
  parkIds.every((parkId) => hasRoleAt(principal, STAFF, parkId));

const mayRead = (principal: Principal, { userId, parkIds }: PassView): boolean =>
  principal.userId === userId || parkIds.some((parkId) => hasRoleAt(principal, STAFF, parkId));

/** Parks of somebody's staff roles; null for all parks. */
function parksOf({ roles }: Principal): readonly string[] | null {
  const parkIds = roles.filter(({ role }) => role === 'manager' || role === 'admin').map(({ parkId }) => parkId);
  return parkIds.includes(null) ? null : parkIds.filter((parkId) => parkId !== null);
}

const isOrder = (read: PassOrder | readonly unknown[]): read is PassOrder => !Array.isArray(read);

const issuePassRoute = (passes: Passes, issuePass: IssuePass) =>
  defineRoute({
    method: 'POST',
    path: '/passes',
    operationId: 'issuePass',
    summary: 'Give a guest a pass that was paid for',
    description:
      'Visits of named parks, within dates. Each is booked as a ticket: `POST /tickets` with `pass_id`. Whoever gives it manages every one of its parks. It goes to an account that verified its number only, since anybody can register any number.',
    tag: 'tickets',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'resource' },
    stepUp: 'none',
    idempotency: 'optional',
    body: PassBody,
    bodyExample: passBodyExample,
    responses: { 201: shown },
    problems: [
      'validation_failed',
      'forbidden',
      'user_not_found',
      'number_unproven',
      'park_not_found',
      'pass_not_found',
    ],
    async handle({ body, principal, correlationId, commandId }) {
      if (!managesAll(principal, body.park_ids)) return problem('forbidden');
      const order = readPassOrder(body);
      if (!isOrder(order)) return problem('validation_failed', { errors: order });
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const issued = await issuePass(order, meta);
      if (!issued.ok) return problem(issued.refusal.code);
      const found = await passes.find(issued.value);
      return found === null ? problem('pass_not_found') : { status: 201, body: toPass(found) };
    },
  });

const listPassesRoute = (passes: Passes) =>
  defineRoute({
    method: 'GET',
    path: '/passes',
    operationId: 'listPasses',
    summary: 'Your passes, newest first',
    description: 'Staff may name a guest, and sees the passes of its own parks.',
    tag: 'tickets',
    access: { kind: 'user' },
    query: Type.Object({ ...pageQuery, user_id: Type.Optional(uuid('Whose, for staff')) }),
    responses: {
      200: {
        description: 'A page of passes',
        schema: pageOf(PassSchema),
        example: { items: [passExample], next_cursor: null },
      },
    },
    problems: ['validation_failed', 'forbidden'],
    async handle({ query, principal }) {
      const userId = query.user_id ?? principal.userId;
      const isOwn = userId === principal.userId;
      if (!isOwn && !hasRole(principal, STAFF)) return problem('forbidden');
      const byId = ({ passId }: PassView): string => passId;
      const page = await readPage('passes', query, byId, async (before, limit) => {
        if (before !== null && !isUuid(before)) return null;
        return passes.ofUser(userId, { parkIds: isOwn ? null : parksOf(principal), before, limit });
      });
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toPass), next_cursor: page.value.next } };
    },
  });

const getPassRoute = (passes: Passes) =>
  defineRoute({
    method: 'GET',
    path: '/passes/:id',
    operationId: 'getPass',
    summary: 'One pass, for its owner and the staff of its parks',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 200: shown },
    problems: ['pass_not_found'],
    async handle({ params, principal }) {
      const found = await passes.find(params.id);
      if (found === null || !mayRead(principal, found)) return problem('pass_not_found');
      return { status: 200, body: toPass(found) };
    },
  });

const cancelPassRoute = (passes: Passes, cancelPass: CancelPass) =>
  defineRoute({
    method: 'POST',
    path: '/passes/:id/cancel',
    operationId: 'cancelPass',
    summary: 'End what is left of a pass',
    description: 'Visits that are booked stay tickets. What is to be paid back for it, staff pays by hand.',
    tag: 'tickets',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'resource' },
    stepUp: 'none',
    idempotency: 'optional',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({ reason: text(500) }),
    bodyExample: { reason: 'Issued to the wrong account' },
    responses: {
      200: {
        ...shown,
        example: {
          ...passExample,
          cancelled: { reason: 'Issued to the wrong account', at: '2026-12-02T06:00:00.000Z' },
        },
      },
    },
    problems: ['pass_not_found', 'forbidden'],
    async handle({ params, body, principal, correlationId, commandId }) {
      const before = await passes.find(params.id);
      if (before === null || !mayRead(principal, before)) return problem('pass_not_found');
      if (!managesAll(principal, before.parkIds)) return problem('forbidden');
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const done = await cancelPass({ passId: params.id, reason: body.reason }, meta);
      if (!done.ok) return problem(done.refusal.code);
      const found = await passes.find(params.id);
      return found === null ? problem('pass_not_found') : { status: 200, body: toPass(found) };
    },
  });

export const passRoutes = (passes: Passes, issuePass: IssuePass, cancelPass: CancelPass): readonly Route[] => [
  issuePassRoute(passes, issuePass),
  listPassesRoute(passes),
  getPassRoute(passes),
  cancelPassRoute(passes, cancelPass),
];

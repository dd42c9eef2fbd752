import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { LeaveWaitlist } from '../application/leave-waitlist.ts';

export const leaveWaitlistRoute = (leaveWaitlist: LeaveWaitlist) =>
  defineRoute({
    method: 'DELETE',
    path: '/waitlist/:id',
    operationId: 'leaveWaitlist',
    summary: 'Wait no longer',
    description:
      'Places that are offered and not paid are free again. A ticket that is paid stays: cancel it by itself.',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'Left' } },
    problems: ['waitlist_entry_not_found'],
    async handle({ params, principal, correlationId }) {
      const request = { entryId: params.id, userId: principal.userId };
      const left = await leaveWaitlist(request, { actor: principal.actor, correlationId });
      return left.ok ? { status: 204 } : problem('waitlist_entry_not_found');
    },
  });

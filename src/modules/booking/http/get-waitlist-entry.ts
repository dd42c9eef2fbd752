import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { ShowWaitlist } from '../application/show-waitlist.ts';
import { toWaitlistEntry, WaitlistEntry, waitlistExample } from './waitlist-schema.ts';

export const getWaitlistEntryRoute = (show: ShowWaitlist) =>
  defineRoute({
    method: 'GET',
    path: '/waitlist/:id',
    operationId: 'getWaitlistEntry',
    summary: 'One of your places in a queue',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 200: { description: 'The entry', schema: WaitlistEntry, example: waitlistExample } },
    problems: ['waitlist_entry_not_found'],
    async handle({ params, principal }) {
      const found = await show.one(principal.userId, params.id);
      return found === null ? problem('waitlist_entry_not_found') : { status: 200, body: toWaitlistEntry(found) };
    },
  });

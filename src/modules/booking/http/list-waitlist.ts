import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { ShowWaitlist } from '../application/show-waitlist.ts';
import type { WaitlistView } from '../application/waitlist.ts';
import { toWaitlistEntry, WaitlistEntry, waitlistExample } from './waitlist-schema.ts';

export const listWaitlistRoute = (show: ShowWaitlist) =>
  defineRoute({
    method: 'GET',
    path: '/waitlist',
    operationId: 'listWaitlist',
    summary: 'The days you wait for, newest first',
    tag: 'tickets',
    access: { kind: 'user' },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of entries',
        schema: pageOf(WaitlistEntry),
        example: { items: [waitlistExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const byId = ({ entryId }: WaitlistView): string => entryId;
      const page = await readPage('waitlist', query, byId, async (before, limit) =>
        before !== null && !isUuid(before) ? null : show.all(principal.userId, before, limit),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toWaitlistEntry), next_cursor: page.value.next } };
    },
  });

import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { ListSessions } from '../application/list-sessions.ts';
import type { LiveSession } from '../application/sessions.ts';

const SessionBody = Type.Object(
  {
    id: uuid(),
    created_at: instant('When somebody signed in'),
    last_used_at: instant('When its newest tokens were issued'),
    expires_at: instant('When it ends in any case'),
    user_agent: nullable(Type.String({ description: 'What the program that signed in called itself' })),
    current: Type.Boolean({ description: 'Whether it is the session that asks' }),
  },
  { $id: 'Session' },
);

const sessionExample = {
  id: '01936f2e-7c21-7b3a-8d4e-9f6a8b1c0d3e',
  created_at: '2026-11-24T06:30:00.000Z',
  last_used_at: '2026-11-25T08:00:00.000Z',
  expires_at: '2027-02-22T06:30:00.000Z',
  user_agent: 'Mozilla/5.0 (Android 16; Mobile)',
  current: true,
};

const toSession = (session: LiveSession, currentId: string) => ({
  id: session.sessionId,
  created_at: toInstant(session.openedAtMs),
  last_used_at: toInstant(session.refreshedAtMs),
  expires_at: toInstant(session.expiresAtMs),
  user_agent: session.userAgent,
  current: session.sessionId === currentId,
});

export const listSessionsRoute = (listSessions: ListSessions) =>
  defineRoute({
    method: 'GET',
    path: '/auth/sessions',
    operationId: 'listSessions',
    summary: 'Where you are signed in, newest first',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'user' },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of sessions that go on',
        schema: pageOf(SessionBody),
        example: { items: [sessionExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const byId = ({ sessionId }: LiveSession): string => sessionId;
      const page = await readPage('sessions', query, byId, async (before, limit) =>
        before !== null && !isUuid(before) ? null : listSessions(principal.userId, before, limit),
      );
      if (!page.ok) return page.refusal;
      const items = page.value.items.map((session) => toSession(session, principal.sessionId));
      return { status: 200, body: { items, next_cursor: page.value.next } };
    },
  });

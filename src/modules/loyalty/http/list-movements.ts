import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, oneOf, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Accounts, Movement } from '../application/ports.ts';

const DEFAULT_LIMIT = 20;

const LoyaltyMovement = Type.Object(
  {
    kind: oneOf(['earned']),
    points: Type.Integer({ description: 'Negative when points went' }),
    ticket_id: uuid(),
    moved_at: instant(),
    expires_at: instant('When these points lapse'),
  },
  { $id: 'LoyaltyMovement' },
);

const toItem = ({ kind, points, ticketId, movedAtMs, expiresAtMs }: Movement) => ({
  kind,
  points,
  ticket_id: ticketId,
  moved_at: toInstant(movedAtMs),
  expires_at: toInstant(expiresAtMs),
});

const toCursor = (position: number): string => Buffer.from(`p${position}`).toString('base64url');

/** The position in a cursor of ours, or null. */
function fromCursor(cursor: string): number | null {
  const digits = /^p([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  return digits === undefined || toCursor(Number(digits)) !== cursor ? null : Number(digits);
}

export const listMovementsRoute = (accounts: Pick<Accounts, 'movements'>) =>
  defineRoute({
    method: 'GET',
    path: '/loyalty/history',
    operationId: 'listLoyaltyMovements',
    summary: 'Where my points came from and went, newest first',
    tag: 'loyalty',
    access: { kind: 'user' },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of movements',
        schema: pageOf(LoyaltyMovement),
        example: {
          items: [
            {
              kind: 'earned',
              points: 70,
              ticket_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
              moved_at: '2026-12-05T06:30:00.000Z',
              expires_at: '2027-12-05T06:30:00.000Z',
            },
          ],
          next_cursor: null,
        },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const { limit = DEFAULT_LIMIT, cursor } = query;
      const before = cursor === undefined ? null : fromCursor(cursor);
      if (cursor !== undefined && before === null) {
        return problem('validation_failed', { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
      }
      // One more than asked tells whether there is a next page.
      const found = await accounts.movements(principal.userId, before, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = found.length > limit && last !== undefined ? toCursor(last.position) : null;
      return { status: 200, body: { items: page.map(toItem), next_cursor: next } };
    },
  });

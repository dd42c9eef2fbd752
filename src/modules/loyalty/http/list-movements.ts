import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, oneOf, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Accounts, Movement } from '../application/ports.ts';

const LoyaltyMovement = Type.Object(
  {
    kind: oneOf(
      ['earned', 'reserved', 'returned', 'reversed', 'lapsed'],
      'Earned by a visit; reserved for a ticket; returned when that ended; reversed by a refund; lapsed unspent',
    ),
    points: Type.Integer({ description: 'Negative when points went' }),
    debt: Type.Integer({ description: 'By how much the debt grew; negative when these points paid some of it' }),
    ticket_id: nullable(uuid('Null for points that lapsed')),
    moved_at: instant(),
    expires_at: nullable(instant('When what came lapses, the soonest of it; null when nothing came')),
  },
  { $id: 'LoyaltyMovement' },
);

const toItem = ({ kind, points, debt, ticketId, movedAtMs, expiresAtMs }: Movement) => ({
  kind,
  points,
  debt,
  ticket_id: ticketId,
  moved_at: toInstant(movedAtMs),
  expires_at: expiresAtMs === null ? null : toInstant(expiresAtMs),
});

const POSITION = /^[1-9]\d{0,14}$/;

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
              debt: 0,
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
      const byPosition = ({ position }: Movement): string => String(position);
      const page = await readPage('movements', query, byPosition, async (after, limit) => {
        if (after !== null && !POSITION.test(after)) return null;
        return accounts.movements(principal.userId, after === null ? null : Number(after), limit);
      });
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toItem), next_cursor: page.value.next } };
    },
  });

import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Accounts, Movement } from '../application/ports.ts';

export const accountsProjection: Projection = {
  name: 'loyalty.accounts',
  schema: 'loyalty',
  tables: ['accounts', 'lots', 'movements'],
  eventTypes: ['PointsEarned', 'PointsReserved', 'PointsReturned', 'PointsReversed', 'PointsLapsed'],
  functionName: 'loyalty.project_accounts',
};

/** Points past their time count no more, whether or not their lapse was written yet. */
const FIND = statement(
  'loyalty.account',
  `select
     (select coalesce(sum(points), 0)::integer from loyalty.lots where user_id = $1 and expires_at > store.from_ms($2)) as points,
     coalesce((select debt from loyalty.accounts where user_id = $1), 0) as debt,
     (select coalesce(sum(points), 0)::integer from loyalty.movements where user_id = $1 and counts_until > store.from_ms($2)) as "tierPoints"`,
);

const EXPIRING = statement(
  'loyalty.expiring',
  `select points, store.to_ms(expires_at) as "expiresAtMs" from loyalty.lots
   where user_id = $1 and expires_at > store.from_ms($2) and expires_at <= store.from_ms($3) order by expires_at`,
);

const MOVEMENTS = statement(
  'loyalty.movements',
  `select position, kind, points, debt, ticket_id as "ticketId", store.to_ms(moved_at) as "movedAtMs",
     store.to_ms(expires_at) as "expiresAtMs"
   from loyalty.movements where user_id = $1 and ($2::bigint is null or position < $2) order by position desc limit $3`,
);

const SPENDER = statement(
  'loyalty.spender',
  `select user_id as "userId" from loyalty.movements where ticket_id = $1 and kind = 'reserved' limit 1`,
);

const OVERDUE = statement(
  'loyalty.overdue',
  `select distinct user_id as "userId" from (
     select user_id from loyalty.lots where expires_at <= store.from_ms($1) order by expires_at limit $2
   ) overdue`,
);

export const createAccounts = (database: Database): Accounts => ({
  async find(userId, nowMs, expiringUntilMs) {
    const [[account], expiring] = await Promise.all([
      database.rows<{ points: number; debt: number; tierPoints: number }>(FIND, [userId, nowMs]),
      database.rows<{ points: number; expiresAtMs: number }>(EXPIRING, [userId, nowMs, expiringUntilMs]),
    ]);
    return { points: 0, debt: 0, tierPoints: 0, ...account, expiring };
  },
  movements: (userId, before, limit) => database.rows<Movement>(MOVEMENTS, [userId, before, limit]),
  async spenderOn(ticketId) {
    const [spender] = await database.rows<{ userId: string }>(SPENDER, [ticketId]);
    return spender?.userId ?? null;
  },
  async withOverdueLots(nowMs, limit) {
    const overdue = await database.rows<{ userId: string }>(OVERDUE, [nowMs, limit]);
    return overdue.map(({ userId }) => userId);
  },
});

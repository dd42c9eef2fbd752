import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Account, Accounts, Movement } from '../application/ports.ts';

export const accountsProjection: Projection = {
  name: 'loyalty.accounts',
  schema: 'loyalty',
  tables: ['accounts', 'lots', 'movements'],
  eventTypes: ['PointsEarned', 'PointsReserved', 'PointsReturned', 'PointsReversed', 'PointsLapsed'],
  functionName: 'loyalty.project_accounts',
};

/** Points past their time count no more, whether or not their lapse was written yet. What is summed up is found by index, guest by guest. */
const FIND = statement(
  'loyalty.accounts',
  `select
     (select coalesce(sum(points), 0)::integer from loyalty.lots l where l.user_id = k.user_id and expires_at > store.from_ms(k.now_ms)) as points,
     coalesce((select debt from loyalty.accounts a where a.user_id = k.user_id), 0) as debt,
     (select coalesce(sum(points), 0)::integer from loyalty.movements m where m.user_id = k.user_id and counts_until > store.from_ms(k.now_ms))
       as "tierPoints",
     (select coalesce(json_agg(json_build_object('points', points, 'expiresAtMs', store.to_ms(expires_at)) order by expires_at), '[]')
      from loyalty.lots l
      where l.user_id = k.user_id and expires_at > store.from_ms(k.now_ms) and expires_at <= store.from_ms(k.until_ms)) as expiring
   from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality k(user_id, now_ms, until_ms, place) order by k.place`,
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

type Asked = { readonly userId: string; readonly nowMs: number; readonly untilMs: number };

/** The points of guests; accounts asked for at the same time share one statement. */
export function createAccounts(database: Database): Accounts {
  const one = createBatcher<Asked, Account>({
    maxItems: 256,
    maxQueued: 10_000,
    run: (asked) =>
      database.rows<Account>(FIND, [
        asked.map(({ userId }) => userId),
        asked.map(({ nowMs }) => nowMs),
        asked.map(({ untilMs }) => untilMs),
      ]),
  });
  return {
    find: (userId, nowMs, untilMs) => one.submit({ userId, nowMs, untilMs }),
    movements: (userId, before, limit) => database.rows<Movement>(MOVEMENTS, [userId, before, limit]),
    async spenderOn(ticketId) {
      const [spender] = await database.rows<{ userId: string }>(SPENDER, [ticketId]);
      return spender?.userId ?? null;
    },
    async withOverdueLots(nowMs, limit) {
      const overdue = await database.rows<{ userId: string }>(OVERDUE, [nowMs, limit]);
      return overdue.map(({ userId }) => userId);
    },
  };
}

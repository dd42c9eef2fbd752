import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Accounts, Movement, Tiers } from '../application/ports.ts';

export const accountsProjection: Projection = {
  name: 'loyalty.accounts',
  schema: 'loyalty',
  tables: ['accounts', 'movements'],
  eventTypes: ['PointsEarned'],
  functionName: 'loyalty.project_accounts',
};

/** Points past their time count no more, whether or not their lapse was written yet. */
const FIND = statement(
  'loyalty.account',
  `select coalesce((select points from loyalty.accounts where user_id = $1), 0)
       - coalesce(sum(points) filter (where expires_at <= store.from_ms($2)), 0)::integer as points,
     coalesce(sum(points) filter (where expires_at > store.from_ms($2)), 0)::integer as tier_points
   from loyalty.movements where user_id = $1 and kind = 'earned'`,
);

const EXPIRING = statement(
  'loyalty.expiring',
  `select sum(points)::integer as points, expires_at from loyalty.movements
   where user_id = $1 and kind = 'earned' and expires_at > store.from_ms($2) and expires_at <= store.from_ms($3)
   group by expires_at order by expires_at`,
);

const MOVEMENTS = statement(
  'loyalty.movements',
  `select position, kind, points, ticket_id, moved_at, expires_at from loyalty.movements
   where user_id = $1 and ($2::bigint is null or position < $2) order by position desc limit $3`,
);

const TIERS = statement(
  'loyalty.tiers',
  'select name, minimum_points, discount_percent from loyalty.tiers order by minimum_points',
);

type MovementRow = {
  readonly position: number;
  readonly kind: Movement['kind'];
  readonly points: number;
  readonly ticket_id: string;
  readonly moved_at: number;
  readonly expires_at: number;
};

export const createAccounts = (database: Database): Accounts => ({
  async find(userId, nowMs, expiringUntilMs) {
    const [[account], expiring] = await Promise.all([
      database.rows<{ points: number; tier_points: number }>(FIND, [userId, nowMs]),
      database.rows<{ points: number; expires_at: number }>(EXPIRING, [userId, nowMs, expiringUntilMs]),
    ]);
    return {
      points: account?.points ?? 0,
      tierPoints: account?.tier_points ?? 0,
      expiring: expiring.map(({ points, expires_at: expiresAtMs }) => ({ points, expiresAtMs })),
    };
  },
  async movements(userId, before, limit) {
    const rows = await database.rows<MovementRow>(MOVEMENTS, [userId, before, limit]);
    return rows.map(
      ({ position, kind, points, ticket_id: ticketId, moved_at: movedAtMs, expires_at: expiresAtMs }) => ({
        position,
        kind,
        points,
        ticketId,
        movedAtMs,
        expiresAtMs,
      }),
    );
  },
});

type TierRow = { readonly name: string; readonly minimum_points: number; readonly discount_percent: number };

export const createTiers =
  (database: Database): Tiers =>
  async () => {
    const rows = await database.rows<TierRow>(TIERS, []);
    return rows.map(({ name, minimum_points: minimumPoints, discount_percent: discountPercent }) => ({
      name,
      minimumPoints,
      discountPercent,
    }));
  };

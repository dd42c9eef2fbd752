import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { ClosedDay, DayClosings } from '../application/day-closings.ts';
import type { Writers } from '../application/ports.ts';

export const dayClosingsProjection: Projection = {
  name: 'booking.day_closings',
  schema: 'booking',
  tables: ['day_closings'],
  eventTypes: ['DayClosingStarted'],
  functionName: 'booking.project_day_closings',
};

const COLUMNS = 'c.id, c.park_id, c.visit_date, c.reason, c.started_at';

/** A hold that is over needs no cancellation: it expires. */
const WAITS = `(t.status = 'active' or (t.status = 'pending_payment' and t.expires_at > store.from_ms($3)))`;

const FIND = statement(
  'booking.day-closing',
  `select ${COLUMNS},
     count(t.id) filter (where t.cancelled_by = 'day_closed')::integer as cancelled,
     count(t.id) filter (where t.status = 'used')::integer as admitted,
     count(t.id) filter (where t.cancelled_by = 'day_closed' and t.status = 'refunded')::integer as refunded,
     count(t.id) filter (where t.cancelled_by = 'day_closed' and t.status = 'cancelled' and t.paid > 0)::integer as unpaid_back,
     count(t.id) filter (where ${WAITS})::integer as waiting
   from booking.day_closings c left join booking.tickets t on t.park_id = c.park_id and t.visit_date = c.visit_date
   where c.park_id = $1 and c.visit_date = $2 group by c.park_id, c.visit_date`,
);
const SINCE = statement(
  'booking.day-closings-since',
  `select ${COLUMNS} from booking.day_closings c where c.visit_date >= $1 order by c.visit_date, c.park_id`,
);
const WAITING = statement(
  'booking.tickets-of-closed-day',
  `select t.id from booking.tickets t
   where t.park_id = $1 and t.visit_date = $2 and ${WAITS} and t.sold_by = any($6)
     and t.void_status is distinct from 'requested'
     and ($4::uuid is null or t.id > $4) order by t.id limit $5`,
);

type Row = {
  readonly id: string;
  readonly park_id: string;
  readonly visit_date: string;
  readonly reason: string | null;
  readonly started_at: number;
};
type Counts = Readonly<Record<'cancelled' | 'admitted' | 'refunded' | 'unpaid_back' | 'waiting', number>>;

export function createDayClosings(database: Database, vault: Vault, writers: Writers): DayClosings {
  async function toDay(row: Row): Promise<ClosedDay> {
    const text = row.reason === null ? null : await vault.open(row.reason);
    return {
      closingId: row.id,
      parkId: row.park_id,
      date: row.visit_date,
      reason: text === null ? null : (JSON.parse(text) as string),
      startedAtMs: row.started_at,
    };
  }

  return {
    async find(parkId, date, nowMs) {
      const [row] = await database.rows<Row & Counts>(FIND, [parkId, date, nowMs]);
      if (row === undefined) return null;
      const { cancelled, admitted, refunded, waiting } = row;
      const tickets = cancelled + admitted + waiting;
      const done = waiting === 0 && row.unpaid_back === 0;
      return { ...(await toDay(row)), tickets, cancelled, admitted, refunded, waiting, done };
    },
    since: async (from) => Promise.all((await database.rows<Row>(SINCE, [from])).map(toDay)),
    async waiting({ parkId, date }, nowMs, after, limit) {
      const rows = await database.rows<{ id: string }>(WAITING, [parkId, date, nowMs, after, limit, await writers()]);
      return rows.map(({ id }) => id);
    },
  };
}

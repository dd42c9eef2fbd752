import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { KnownShift, Shifts } from '../application/ports.ts';

const SHIFT = 'opened_on as "openedOn", is_doubted as "isDoubted"';
const KNOWN = statement('fiscal.shift', `select ${SHIFT} from fiscal.shift where register = $1`);
const TAKE = statement(
  'fiscal.take-shift',
  `insert into fiscal.shift as s (register, busy_until) values ($1, store.from_ms($3))
   on conflict (register) do update set busy_until = excluded.busy_until where s.busy_until <= store.from_ms($2) returning ${SHIFT}`,
);
const RELEASE = statement(
  'fiscal.release-shift',
  `update fiscal.shift set opened_on = $2, is_doubted = $3, busy_until = '-infinity' where register = $1`,
);
const DOUBT = statement('fiscal.doubt-shift', 'update fiscal.shift set is_doubted = true where register = $1');
const OPENED_BEFORE = statement(
  'fiscal.shifts-of-ended-days',
  'select register from fiscal.shift where opened_on < $1 order by register',
);

export function createShifts(database: Database): Shifts {
  return {
    known: async (register) => (await database.rows<KnownShift>(KNOWN, [register]))[0] ?? null,
    take: async (register, nowMs, untilMs) =>
      (await database.rows<KnownShift>(TAKE, [register, nowMs, untilMs]))[0] ?? null,
    async release(register, { openedOn, isDoubted }) {
      await database.rows(RELEASE, [register, openedOn, isDoubted]);
    },
    async doubt(register) {
      await database.rows(DOUBT, [register]);
    },
    async openedBefore(day) {
      return (await database.rows<{ register: string }>(OPENED_BEFORE, [day])).map(({ register }) => register);
    },
  };
}

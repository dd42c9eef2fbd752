import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { LastCheck, LedgerCheck } from '../application/ports.ts';

// Of two workers that check at once the later one counts.
const KEEP = statement(
  'ledger.keep-check',
  `insert into ledger.last_check as l (checked_at, faults) values (store.from_ms($1), $2)
   on conflict (is_only) do update set checked_at = excluded.checked_at, faults = excluded.faults
   where excluded.checked_at >= l.checked_at`,
);
const FIND = statement('ledger.last-check', 'select checked_at as "checkedAtMs", faults from ledger.last_check');

export const createLastCheck = (database: Database): LastCheck => ({
  async keep({ checkedAtMs, faults }) {
    await database.rows(KEEP, [checkedAtMs, faults]);
  },
  async find() {
    const [row] = await database.rows<LedgerCheck>(FIND);
    return row ?? null;
  },
});

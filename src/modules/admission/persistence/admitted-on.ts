import type { LocalDate } from '../../../kernel/time.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';

const ADMITTED_ON = statement(
  'admission.admitted-on',
  'select exists (select from admission.admissions where visit_date = $2 and park_id = $1) as "hasAdmitted"',
);

/** Whether anybody was let into a park on a day, as far as this node knows. */
export const createHasAdmitted =
  (database: Database) =>
  async (parkId: string, date: LocalDate): Promise<boolean> => {
    const [row] = await database.rows<{ readonly hasAdmitted: boolean }>(ADMITTED_ON, [parkId, date]);
    return row?.hasAdmitted ?? false;
  };

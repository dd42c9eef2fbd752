import { trustedSom } from '../../../kernel/money.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Passes, PassView } from '../application/passes.ts';

export const passesProjection: Projection = {
  name: 'booking.passes',
  schema: 'booking',
  tables: ['passes', 'pass_visits'],
  eventTypes: ['PassIssued', 'PassVisitBooked', 'PassVisitMoved', 'PassVisitReturned', 'PassCancelled'],
  functionName: 'booking.project_passes',
};

const COLUMNS = `id, user_id, name, park_ids, valid_from, valid_to, visits, people, price, payment_reference, issued_at, cancelled_at,
  cancel_reason, (select count(*) from booking.pass_visits where pass_id = passes.id and not returned)::integer as booked`;

const BY_ID = statement('booking.pass-by-id', `select ${COLUMNS} from booking.passes where id = $1`);
const OF_USER = statement(
  'booking.passes-of-user',
  `select ${COLUMNS} from booking.passes
   where user_id = $1 and ($2::text[] is null or park_ids && $2) and ($3::uuid is null or id < $3) order by id desc limit $4`,
);

type Row = {
  readonly id: string;
  readonly user_id: string;
  readonly name: string | null;
  readonly park_ids: readonly string[];
  readonly valid_from: string;
  readonly valid_to: string;
  readonly visits: number | null;
  readonly people: number;
  readonly price: string;
  readonly payment_reference: string;
  readonly issued_at: number;
  readonly cancelled_at: number | null;
  readonly cancel_reason: string | null;
  readonly booked: number;
};

export function createPasses(database: Database, vault: Vault): Passes {
  async function reasonOf({ cancel_reason }: Row): Promise<string | null> {
    const text = cancel_reason === null ? null : await vault.open(cancel_reason);
    return text === null ? null : (JSON.parse(text) as string);
  }

  const toView = async (row: Row): Promise<PassView> => ({
    passId: row.id,
    userId: row.user_id,
    name: row.name,
    parkIds: row.park_ids,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    visits: row.visits,
    people: row.people,
    priceTyiyn: trustedSom(row.price),
    paymentReference: row.payment_reference,
    issuedAtMs: row.issued_at,
    visitsBooked: row.booked,
    cancelled: row.cancelled_at === null ? null : { reason: await reasonOf(row), cancelledAtMs: row.cancelled_at },
  });

  return {
    async find(passId) {
      const [row] = await database.rows<Row>(BY_ID, [passId]);
      return row === undefined ? null : toView(row);
    },
    async ofUser(userId, { parkIds, before, limit }) {
      const rows = await database.rows<Row>(OF_USER, [userId, parkIds, before, limit]);
      return Promise.all(rows.map(toView));
    },
  };
}

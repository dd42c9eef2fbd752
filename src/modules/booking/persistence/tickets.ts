import { trustedSom } from '../../../kernel/money.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Tickets, TicketView } from '../application/ticket-view.ts';
import type { AgeBand, TicketStatus } from '../contract.ts';
import type { PriceLine } from '../domain/pricing.ts';
import type { TicketChild, TicketType } from '../domain/ticket.ts';

export const ticketsProjection: Projection = {
  name: 'booking.tickets',
  schema: 'booking',
  tables: ['tickets'],
  eventTypes: [
    'TicketHeld',
    'TicketHoldKept',
    'TicketHoldExpired',
    'TicketActivated',
    'PeopleAdmitted',
    'PeopleExited',
  ],
  functionName: 'booking.project_tickets',
};

const COLUMNS = `id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
  places, remaining, created_at, expires_at, used_at, valid_from, valid_until, admission_code, paid`;

const BY_IDS = statement('booking.tickets-by-id', `select ${COLUMNS} from booking.tickets where id = any($1)`);
const BY_CODES = statement('booking.tickets-by-code', `select ${COLUMNS} from booking.tickets where qr_code = any($1)`);

const OF_USER = statement(
  'booking.tickets-of-user',
  `select ${COLUMNS} from booking.tickets
   where user_id = $1 and ($2::text is null or status = $2) and ($3::text is null or park_id = $3) and ($4::uuid is null or id < $4)
   order by id desc limit $5`,
);

type StoredLine = Omit<PriceLine, 'unitTyiyn' | 'amountTyiyn'> & {
  readonly unitTyiyn: string;
  readonly amountTyiyn: string;
};
type StoredChild = {
  readonly childId: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly age: string | null;
  readonly ageBand: AgeBand;
};

type Row = {
  readonly id: string;
  readonly user_id: string;
  readonly park_id: string;
  readonly ticket_type: TicketType;
  readonly visit_date: string;
  readonly qr_code: string;
  readonly status: TicketStatus;
  readonly price: string;
  readonly price_breakdown: readonly StoredLine[];
  readonly children_data: readonly StoredChild[];
  readonly adults: number;
  readonly places: number;
  readonly remaining: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
  readonly valid_from: number;
  readonly valid_until: number;
  readonly admission_code: string | null;
  readonly paid: string | null;
};

/** Tickets from the read model; look-ups made at the same time share one statement. */
export function createTickets(database: Database, vault: Vault): Tickets {
  async function open<Value>(sealed: string | null): Promise<Value | null> {
    const text = sealed === null ? null : await vault.open(sealed);
    return text === null ? null : (JSON.parse(text) as Value);
  }

  async function openChild({ childId, ageBand, name, birthDate, age }: StoredChild): Promise<TicketChild> {
    const [openName, openBirth, openAge] = await Promise.all([
      open<string>(name),
      open<string>(birthDate),
      open<number>(age),
    ]);
    return { childId, ageBand, name: openName, birthDate: openBirth, age: openAge };
  }

  async function toView(row: Row): Promise<TicketView> {
    const enters = row.remaining > 0 && (row.status === 'active' || row.status === 'used');
    return {
      ticketId: row.id,
      userId: row.user_id,
      parkId: row.park_id,
      ticketType: row.ticket_type,
      visitDate: row.visit_date,
      qrCode: row.qr_code,
      status: row.status,
      priceTyiyn: trustedSom(row.price),
      paidTyiyn: row.paid === null ? 0n : trustedSom(row.paid),
      priceLines: row.price_breakdown.map((line) => ({
        ...line,
        unitTyiyn: BigInt(line.unitTyiyn),
        amountTyiyn: BigInt(line.amountTyiyn),
      })),
      children: await Promise.all(row.children_data.map(openChild)),
      adults: row.adults,
      places: row.places,
      remaining: row.remaining,
      createdAtMs: row.created_at,
      usedAtMs: row.used_at,
      expiresAtMs: row.expires_at,
      validFromMs: row.valid_from,
      validUntilMs: row.valid_until,
      admissionCode: enters ? await open<string>(row.admission_code) : null,
    };
  }

  const lookUp = (query: typeof BY_IDS, keyOf: (row: Row) => string) =>
    createBatcher<string, Row | null>({
      maxItems: 256,
      maxQueued: 10_000,
      async run(keys) {
        const rows = await database.rows<Row>(query, [[...new Set(keys)]]);
        const byKey = new Map(rows.map((row) => [keyOf(row), row]));
        return keys.map((key) => byKey.get(key) ?? null);
      },
    });
  const byId = lookUp(BY_IDS, (row) => row.id);
  const byCode = lookUp(BY_CODES, (row) => row.qr_code);
  const viewOf = async (row: Row | null): Promise<TicketView | null> => (row === null ? null : toView(row));

  return {
    find: async (ticketId) => viewOf(await byId.submit(ticketId)),
    findByQrCode: async (qrCode) => viewOf(await byCode.submit(qrCode)),
    async ofUser(userId, { status, parkId, before, limit }) {
      const rows = await database.rows<Row>(OF_USER, [userId, status ?? null, parkId ?? null, before ?? null, limit]);
      return Promise.all(rows.map(toView));
    },
  };
}

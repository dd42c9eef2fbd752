import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { GuestCounts } from '../application/guest-records.ts';

const IDS = statement('booking.ticket-ids-of-user', 'select id from booking.tickets where user_id = $1');
const COUNT = statement(
  'booking.count-tickets-of-user',
  'select count(*)::integer as tickets from booking.tickets where user_id = $1',
);
const HAS_VISITS = statement(
  'booking.has-visits',
  `select exists (select from booking.passes where user_id = $1) or exists (
     select from booking.tickets where user_id = $1
       and not (status in ('pending_payment', 'expired', 'cancelled') and price > 0 and coalesce(paid, 0) = 0)
   ) as has`,
);

export const createGuestCounts = (database: Database): GuestCounts => ({
  async ticketIds(userId) {
    return (await database.rows<{ id: string }>(IDS, [userId])).map(({ id }) => id);
  },
  async tickets(userId) {
    const [row] = await database.rows<{ tickets: number }>(COUNT, [userId]);
    return row?.tickets ?? 0;
  },
  async hasVisits(userId) {
    const [row] = await database.rows<{ has: boolean }>(HAS_VISITS, [userId]);
    return row?.has === true;
  },
});

import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { TakenBack, TicketOfTwoLives } from '../application/recount-taken-back.ts';

/** The oldest stays: what came back after it and was not looked at waits there. */
const FALL_BEHIND = statement(
  'admission.fall-behind',
  `insert into admission.catching_up (behind_since) values (coalesce(
     (select e.position from store.head h join store.event e on e.incarnation = h.incarnation and e.seq = h.seq), 0)) on conflict do nothing`,
);

const BEHIND_SINCE = statement('admission.behind-since', 'select behind_since as position from admission.catching_up');

const CAUGHT_UP = statement('admission.caught-up', 'delete from admission.catching_up');

/** Between two bounds, so that it goes by the positions also where it is planned for any of them. */
const OF_TWO_LIVES = statement(
  'admission.tickets-of-two-lives',
  `select distinct on (e.aggregate_id) p ->> 'ticketId' as "ticketId", p ->> 'userId' as "userId", p ->> 'parkId' as "parkId",
     (p ->> 'partySize')::integer as "partySize"
   from store.event e join store.head h on e.node_id = h.node_id and e.incarnation <> h.incarnation
     join store.event o on o.aggregate_id = e.aggregate_id and o.node_id = e.node_id and o.incarnation <> e.incarnation
       and o.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionVoided')
     cross join lateral (select case when o.event_type = 'AdmissionVoided' then e.event_data else o.event_data end) as passage(p)
   where e.position between $1::bigint + 1 and (select position from store.head) and e.aggregate_type = 'Admission'
     and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionVoided')
     and not (e.event_type = 'AdmissionVoided' and o.event_type = 'AdmissionVoided')
   order by e.aggregate_id, o.position desc, e.position desc`,
);

/** What of the passages in the log came back to it, and has company. */
export const createTakenBack = (database: Database): TakenBack => ({
  async fallBehind() {
    await database.rows(FALL_BEHIND, []);
  },
  async behindSince() {
    const [kept] = await database.rows<{ readonly position: number }>(BEHIND_SINCE, []);
    return kept?.position ?? null;
  },
  async caughtUp() {
    await database.rows(CAUGHT_UP, []);
  },
  ofTwoLives: (after) => database.rows<TicketOfTwoLives>(OF_TWO_LIVES, [after]),
});

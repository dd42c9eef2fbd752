import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { TakenBack, TicketOfTwoLives } from '../application/recount-taken-back.ts';

const OWN_END = statement(
  'admission.own-end',
  `select e.position from store.head h join store.event e on e.incarnation = h.incarnation and e.seq = h.seq`,
);

/** Between two bounds, so that it goes by the positions also where it is planned for any of them. */
const OF_TWO_LIVES = statement(
  'admission.tickets-of-two-lives',
  `select distinct on (e.aggregate_id) o.event_data ->> 'ticketId' as "ticketId", o.event_data ->> 'userId' as "userId",
     o.event_data ->> 'parkId' as "parkId", (o.event_data ->> 'partySize')::integer as "partySize"
   from store.event e join store.head h on e.node_id = h.node_id and e.incarnation <> h.incarnation
     join store.event o on o.aggregate_id = e.aggregate_id and o.node_id = e.node_id and o.incarnation <> e.incarnation
       and o.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess')
   where e.position between $1::bigint + 1 and (select position from store.head) and e.aggregate_type = 'Admission'
     and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionVoided')
   order by e.aggregate_id, o.position desc`,
);

/** What of the passages in the log came back to it, and has company. */
export const createTakenBack = (database: Database): TakenBack => ({
  async ownEnd() {
    const [end] = await database.rows<{ readonly position: number }>(OWN_END, []);
    return end?.position ?? 0;
  },
  ofTwoLives: (after) => database.rows<TicketOfTwoLives>(OF_TWO_LIVES, [after]),
});

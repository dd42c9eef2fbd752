import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { GateDays, GateNews } from '../application/gate-bundle.ts';

export const gateDaysProjection: Projection = {
  name: 'admission.gate_days',
  schema: 'admission',
  tables: ['gate_days'],
  eventTypes: [
    'TicketActivated',
    'TicketMoved',
    'TicketMoveUndone',
    'TicketCancelled',
    'AdmissionVoided',
    'PeopleAdmitted',
    'PeopleExited',
    'AdmissionRecounted',
  ],
  functionName: 'admission.project_gate_days',
};

const COLUMNS = 'ticket_id as "ticketId", visit_date as "visitDate", position, revoked_as as "revokedAs"';

/** Each part is read in the order of an index and stops at the limit. */
const NEWS = statement(
  'admission.gate-news',
  `select * from (
     (select ${COLUMNS} from admission.gate_days
      where park_id = $1 and visit_date = $2 and position > $4 order by position limit $5)
     union all
     (select ${COLUMNS} from admission.gate_days
      where park_id = $1 and visit_date = $3 and position > $4 order by position limit $5)
     union all
     (select ${COLUMNS} from admission.gate_days
      where park_id = $1 and visit_date > $3 and position > $4 and revoked_as is not null order by position limit $5)
   ) news order by position limit $5`,
);

export const createGateDays = (database: Database): GateDays => ({
  news: ({ parkId, today, tomorrow, after, limit }) =>
    database.rows<GateNews>(NEWS, [parkId, today, tomorrow, after, limit]),
});

import type { Json } from '../../../kernel/event-store.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { AuditTrail } from '../application/audit-trail.ts';
import { withoutSealed } from '../application/events-of-aggregate.ts';

/** What staff and gate devices do that somebody may ask about, module by module. A new kind of action is named here. */
const AUDITED = [
  'RoleGranted',
  'RoleRevoked',
  'GuestLookedUp',
  'ParkOpened',
  'ParkEdited',
  'CalendarDaySet',
  'CalendarDayCleared',
  'HolidaysSet',
  'TicketCancelled',
  'DayClosingStarted',
  'PromoCodeCreated',
  'PromoCodeChanged',
  'PassIssued',
  'PassCancelled',
  'EntryLimitOverridden',
  'EntryLimitExceeded',
  'PeopleAdmittedInExcess',
  'DeviceInvited',
  'DeviceRevoked',
  'IncidentResolved',
  'RefundRequested',
  'RefundSucceeded',
  'ShiftOpened',
  'ShiftClosed',
  'CashPaidOut',
  'LoyaltyFiguresChanged',
  'WebhookEndpointAdded',
  'WebhookEndpointChanged',
  'WebhookSecretReplaced',
  'WebhookEndpointRemoved',
  'ParkedEventSettled',
] as const;

export const auditProjection: Projection = {
  name: 'office.audit',
  schema: 'office',
  tables: ['audit'],
  eventTypes: AUDITED,
  functionName: 'office.project_audit',
};

const TRAIL = statement(
  'office.audit-trail',
  `select position, at, actor, action, aggregate_type, aggregate_id, park_id, correlation_id, details from office.audit
   where ($1::text is null or actor = $1) and ($2::text is null or action = $2) and ($3::uuid is null or aggregate_id = $3)
     and ($4::text is null or park_id = $4) and ($5::bigint is null or at >= store.from_ms($5))
     and ($6::bigint is null or at < store.from_ms($6)) and ($7::bigint is null or position < $7)
   order by position desc limit $8`,
);

type Row = {
  readonly position: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly park_id: string | null;
  readonly correlation_id: string;
  readonly details: Json;
};

export const createAuditTrail =
  (database: Database): AuditTrail =>
  async ({ actor, action, aggregateId, parkId, fromMs, untilMs, before, limit }) => {
    const values = [actor ?? null, action ?? null, aggregateId ?? null, parkId, fromMs ?? null, untilMs ?? null];
    const rows = await database.rows<Row>(TRAIL, [...values, before, limit]);
    return rows.map((row) => ({
      position: row.position,
      atMs: row.at,
      actor: row.actor,
      action: row.action,
      aggregateType: row.aggregate_type,
      aggregateId: row.aggregate_id,
      parkId: row.park_id,
      correlationId: row.correlation_id,
      details: withoutSealed(row.details),
    }));
  };

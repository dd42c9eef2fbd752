import type { Json } from '../../../kernel/event-store.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { AuditTrail } from '../application/audit-trail.ts';
import { withoutSealed } from '../application/events-of-aggregate.ts';

/** What staff, gate devices and whoever is at the command line do that somebody may ask about, module by module. A new kind of action is named here. */
const AUDITED = [
  'RoleGranted',
  'RoleRevoked',
  'SecondFactorEnrolled',
  'SecondFactorRemoved',
  'SecondFactorReset',
  'PasskeyRefused',
  'RecoveryCodeUsed',
  'RecoveryCodesRenewed',
  'GuestLookedUp',
  'SessionsEnded',
  'UserErased',
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
  'AdmissionRecounted',
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
  'NodeInvited',
  'NodeRevoked',
  'KeptSegmentSettled',
  'SellingResumed',
  'StatementImported',
  'DifferenceResolved',
] as const;

export const auditProjection: Projection = {
  name: 'office.audit',
  schema: 'office',
  tables: ['audit'],
  eventTypes: AUDITED,
  functionName: 'office.project_audit',
};

/** Comes after every entry there is. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER;

/** One statement for each question, so that each is answered from its own index. */
function questionOf(conditions: readonly (readonly [name: string, condition: string])[]) {
  const asked = conditions.map(([, condition], index) => ` and ${condition.replace('?', `$${index + 3}`)}`).join('');
  return statement(
    `office.audit-by-${conditions.map(([name]) => name).join('-')}`,
    `select position, at, actor, action, aggregate_type, aggregate_id, park_id, correlation_id, details from office.audit
     where position < $1${asked} order by position desc limit $2`,
  );
}

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
    const conditions = [
      ['actor', 'actor = ?', actor],
      ['action', 'action = ?', action],
      ['aggregate', 'aggregate_id = ?', aggregateId],
      ['park', 'park_id = ?', parkId ?? undefined],
      ['from', 'at >= store.from_ms(?)', fromMs],
      ['until', 'at < store.from_ms(?)', untilMs],
    ] as const;
    const asked = conditions.flatMap(([name, condition, value]) =>
      value === undefined ? [] : [{ condition: [name, condition] as const, value }],
    );
    const rows = await database.rows<Row>(questionOf(asked.map(({ condition }) => condition)), [
      before ?? AFTER_ALL,
      limit,
      ...asked.map(({ value }) => value),
    ]);
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

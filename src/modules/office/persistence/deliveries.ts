import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Deliveries, DeliveryView } from '../application/ports.ts';

const PLAN = statement(
  'office.plan-deliveries',
  `insert into office.webhook_delivery (id, endpoint_id, message_id, topic, body, created_at, next_try_at)
   select id, endpoint_id, message_id, topic, body, store.from_ms($2), store.from_ms($2)
   from jsonb_to_recordset($1::jsonb) as d(id uuid, endpoint_id uuid, message_id uuid, topic text, body text)
   on conflict do nothing`,
);

const TAKE = statement(
  'office.take-deliveries',
  `update office.webhook_delivery d set next_try_at = store.from_ms($2)
   from (
     select id from office.webhook_delivery where next_try_at <= store.from_ms($1)
     order by next_try_at limit $3 for update skip locked
   ) due
   where d.id = due.id
   returning d.id, d.endpoint_id, d.message_id, d.topic, d.body, d.attempts`,
);

const RECORD = statement(
  'office.record-delivery',
  `update office.webhook_delivery set attempts = attempts + 1, last_try_at = store.from_ms($2), last_status = $3, last_error = $4,
     next_try_at = store.from_ms($5), delivered_at = case when $6 then store.from_ms($2) end
   where id = $1`,
);

const OF_ENDPOINT = statement(
  'office.deliveries-of-endpoint',
  `select id, message_id, topic, attempts, created_at, last_try_at, next_try_at, last_status, last_error, delivered_at
   from office.webhook_delivery where endpoint_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
);

const RETRY = statement(
  'office.retry-delivery',
  `update office.webhook_delivery set next_try_at = store.from_ms($3), delivered_at = null
   where endpoint_id = $1 and id = $2 returning id`,
);

const FORGET = statement(
  'office.forget-deliveries',
  `with gone as (delete from office.webhook_delivery where created_at < store.from_ms($1) returning 1)
   select count(*)::integer as gone from gone`,
);

type DueRow = {
  readonly id: string;
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly topic: string;
  readonly body: string;
  readonly attempts: number;
};

type Row = {
  readonly id: string;
  readonly message_id: string;
  readonly topic: string;
  readonly attempts: number;
  readonly created_at: number;
  readonly last_try_at: number | null;
  readonly next_try_at: number | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly delivered_at: number | null;
};

const toView = (row: Row): DeliveryView => ({
  deliveryId: row.id,
  messageId: row.message_id,
  topic: row.topic,
  status: row.delivered_at !== null ? 'delivered' : row.next_try_at === null ? 'given_up' : 'waiting',
  attempts: row.attempts,
  createdAtMs: row.created_at,
  lastTryAtMs: row.last_try_at,
  nextTryAtMs: row.next_try_at,
  lastStatus: row.last_status,
  lastError: row.last_error,
});

export const createDeliveries = (database: Database): Deliveries => ({
  async plan(deliveries, nowMs) {
    const rows = deliveries.map(({ deliveryId, endpointId, messageId, topic, body }) => {
      return { id: deliveryId, endpoint_id: endpointId, message_id: messageId, topic, body };
    });
    await database.rows(PLAN, [JSON.stringify(rows), nowMs]);
  },
  async takeDue(nowMs, leasedUntilMs, limit) {
    const rows = await database.rows<DueRow>(TAKE, [nowMs, leasedUntilMs, limit]);
    return rows.map((row) => ({
      deliveryId: row.id,
      endpointId: row.endpoint_id,
      messageId: row.message_id,
      topic: row.topic,
      body: row.body,
      attempts: row.attempts,
    }));
  },
  async record(deliveryId, outcome) {
    const nextTryAtMs = outcome.kind === 'again' ? outcome.nextTryAtMs : null;
    const { atMs, status, error } = outcome;
    await database.rows(RECORD, [deliveryId, atMs, status, error, nextTryAtMs, outcome.kind === 'delivered']);
  },
  async ofEndpoint(endpointId, before, limit) {
    return (await database.rows<Row>(OF_ENDPOINT, [endpointId, before, limit])).map(toView);
  },
  async retry(endpointId, deliveryId, nowMs) {
    return (await database.rows(RETRY, [endpointId, deliveryId, nowMs])).length === 1;
  },
  async forget(beforeMs) {
    const [row] = await database.rows<{ gone: number }>(FORGET, [beforeMs]);
    return row?.gone ?? 0;
  },
});

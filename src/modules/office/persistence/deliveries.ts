import type { Clock } from '../../../kernel/time.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import { createTableQueue } from '../../../infrastructure/table-queue/table-queue.ts';
import type { Deliveries, DeliveryView } from '../application/ports.ts';

const PLAN = statement(
  'office.plan-deliveries',
  `insert into office.webhook_delivery (id, endpoint_id, message_id, topic, body, created_at, next_try_at)
   select id, endpoint_id, message_id, topic, body, store.from_ms($2), store.from_ms($2)
   from jsonb_to_recordset($1::jsonb) as d(id uuid, endpoint_id uuid, message_id uuid, topic text, body text)
   on conflict do nothing`,
);

const QUEUE = {
  table: 'office.webhook_delivery',
  receiver: 'endpoint_id',
  columns: ['message_id', 'topic', 'body'],
  recorded: `last_try_at = store.from_ms($3), last_status = $4, last_error = $5,
    delivered_at = case when $6 then store.from_ms($3) end`,
  atOnce: 16,
  atOnceOfOne: 4,
  leaseMs: 60_000,
};

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

type DueRow = {
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly topic: string;
  readonly body: string;
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

export function createDeliveries(database: Database, clock: Clock): Deliveries {
  const queue = createTableQueue<DueRow>(database, clock, QUEUE);
  return {
    async plan(deliveries, nowMs) {
      const rows = deliveries.map(({ deliveryId, endpointId, messageId, topic, body }) => {
        return { id: deliveryId, endpoint_id: endpointId, message_id: messageId, topic, body };
      });
      await database.rows(PLAN, [JSON.stringify(rows), nowMs]);
    },
    workOff: (stopping, tryOnce) =>
      queue.workOff(stopping, ({ id, endpoint_id, message_id, topic, body, attempts }) =>
        tryOnce({ deliveryId: id, endpointId: endpoint_id, messageId: message_id, topic, body, attempts }),
      ),
    record(deliveryId, outcome) {
      const nextTryAtMs = outcome.kind === 'again' ? outcome.nextTryAtMs : null;
      const { atMs, status, error } = outcome;
      return queue.record(deliveryId, nextTryAtMs, [atMs, status, error, outcome.kind === 'delivered']);
    },
    async ofEndpoint(endpointId, before, limit) {
      return (await database.rows<Row>(OF_ENDPOINT, [endpointId, before, limit])).map(toView);
    },
    async retry(endpointId, deliveryId, nowMs) {
      return (await database.rows(RETRY, [endpointId, deliveryId, nowMs])).length === 1;
    },
    forget: (beforeMs) => queue.forget(beforeMs),
    backlog: () => queue.backlog(),
  };
}

import type { Backlog } from '../../../kernel/backlog.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { StoredWebhook, WebhookInbox, WebhookNotice } from '../application/ports.ts';

const KEEP = statement(
  'payment.keep-webhook',
  `insert into payment.webhook_inbox (provider, event_id, raw_body, received_at, notice)
   values ($1, $2, $3, store.from_ms($4), $5::jsonb)
   on conflict (provider, event_id, body_sha256) do nothing returning event_id`,
);

const UNAPPLIED = statement(
  'payment.unapplied-webhooks',
  `select provider, event_id, raw_body, received_at, notice, attempts from payment.webhook_inbox
   where applied_at is null and next_try_at <= store.from_ms($1) order by next_try_at, received_at limit $2`,
);

const BACKLOG = statement(
  'payment.webhook-backlog',
  `select count(*)::integer as waiting, min(received_at) as "oldestAtMs" from payment.webhook_inbox where applied_at is null`,
);

const THIS = 'provider = $1 and event_id = $2 and body_sha256 = sha256($3::bytea)';

const APPLIED = statement(
  'payment.webhook-applied',
  `update payment.webhook_inbox set applied_at = coalesce(applied_at, now()), note = coalesce(note, $4) where ${THIS}`,
);

const POSTPONED = statement(
  'payment.webhook-postponed',
  `update payment.webhook_inbox set attempts = attempts + 1, next_try_at = store.from_ms($4) where ${THIS}`,
);

/** What another process is just taking out is passed over. */
const FORGET = statement(
  'payment.forget-webhooks',
  `delete from payment.webhook_inbox where ctid = any(array(select ctid from payment.webhook_inbox
     where applied_at < store.from_ms($1) order by applied_at limit $2 for update skip locked)) returning event_id`,
);

type Row = {
  readonly provider: string;
  readonly event_id: string;
  readonly raw_body: Buffer;
  readonly received_at: number;
  readonly notice: WebhookNotice;
  readonly attempts: number;
};

const nameOf = ({ provider, eventId, rawBody }: StoredWebhook) => [provider, eventId, rawBody];

export function createWebhookInbox(database: Database): WebhookInbox {
  return {
    async keep(message) {
      const values = [...nameOf(message), message.receivedAtMs, JSON.stringify(message.notice)];
      return (await database.rows(KEEP, values)).length === 1;
    },
    async unapplied(nowMs, limit) {
      const rows = await database.rows<Row>(UNAPPLIED, [nowMs, limit]);
      return rows.map((row) => ({
        provider: row.provider,
        eventId: row.event_id,
        rawBody: row.raw_body,
        receivedAtMs: row.received_at,
        notice: row.notice,
        attempts: row.attempts,
      }));
    },
    async markApplied(message, note) {
      await database.rows(APPLIED, [...nameOf(message), note]);
    },
    async backlog() {
      const [row] = await database.rows<Backlog>(BACKLOG, []);
      return row ?? { waiting: 0, oldestAtMs: null };
    },
    async forgetApplied(beforeMs, limit) {
      return (await database.rows(FORGET, [beforeMs, limit])).length;
    },
    async postpone(message, nextTryAtMs) {
      await database.rows(POSTPONED, [...nameOf(message), nextTryAtMs]);
    },
  };
}

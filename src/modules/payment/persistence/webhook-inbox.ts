import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { WebhookInbox, WebhookNotice } from '../application/ports.ts';

const KEEP = statement(
  'payment.keep-webhook',
  `insert into payment.webhook_inbox (provider, event_id, received_at, raw_body, notice)
   values ($1, $2, store.from_ms($3), $4, $5::jsonb) on conflict (provider, event_id) do nothing returning event_id`,
);

const UNAPPLIED = statement(
  'payment.unapplied-webhooks',
  `select provider, event_id, received_at, raw_body, notice from payment.webhook_inbox
   where applied_at is null order by received_at limit $1`,
);

const APPLIED = statement(
  'payment.webhook-applied',
  `update payment.webhook_inbox set applied_at = coalesce(applied_at, now()), note = coalesce(note, $3)
   where provider = $1 and event_id = $2`,
);

type Row = {
  readonly provider: string;
  readonly event_id: string;
  readonly received_at: number;
  readonly raw_body: Buffer;
  readonly notice: WebhookNotice;
};

export function createWebhookInbox(database: Database): WebhookInbox {
  return {
    async keep({ provider, eventId, receivedAtMs, rawBody, notice }) {
      const values = [provider, eventId, receivedAtMs, rawBody, JSON.stringify(notice)];
      return (await database.rows(KEEP, values)).length === 1;
    },
    async unapplied(limit) {
      const rows = await database.rows<Row>(UNAPPLIED, [limit]);
      return rows.map((row) => ({
        provider: row.provider,
        eventId: row.event_id,
        rawBody: row.raw_body,
        receivedAtMs: row.received_at,
        notice: row.notice,
      }));
    },
    async markApplied(provider, eventId, note) {
      await database.rows(APPLIED, [provider, eventId, note]);
    },
  };
}

import type { Vault } from '../../../kernel/vault.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Channel, DueMessage, Letter, Outbox, TryRecord } from '../application/ports.ts';
import type { NoticeKind } from '../contract.ts';

const PUT = statement(
  'notify.put-message',
  `insert into notify.message (id, user_id, kind, channel, letter, created_at, next_try_at)
   values ($1, $2, $3, $4, $5, store.from_ms($6), store.from_ms($6)) on conflict (id) do nothing`,
);

const TAKE = statement(
  'notify.take-messages',
  `update notify.message m set next_try_at = store.from_ms($2)
   from (
     select id from notify.message where next_try_at <= store.from_ms($1)
     order by next_try_at limit $3 for update skip locked
   ) due
   where m.id = due.id
   returning m.id, m.kind, m.channel, m.letter, m.attempts`,
);

const RECORD = statement(
  'notify.record-try',
  `update notify.message set attempts = attempts + 1, next_try_at = store.from_ms($2), error = $3,
     sent_at = case when $4 then store.from_ms($5) end
   where id = $1`,
);

const FORGET = statement(
  'notify.forget-messages',
  `with gone as (delete from notify.message where created_at < store.from_ms($1) returning 1)
   select count(*)::integer as gone from gone`,
);

type Row = {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  readonly letter: string;
  readonly attempts: number;
};

const reasonOf = (record: TryRecord): string | null => ('reason' in record ? record.reason : null);

export function createOutbox(database: Database, vault: Vault): Outbox {
  async function toDue({ id, kind, channel, letter, attempts }: Row): Promise<DueMessage> {
    const text = await vault.open(letter);
    return { messageId: id, kind, channel, attempts, letter: text === null ? null : (JSON.parse(text) as Letter) };
  }

  return {
    async put({ messageId, userId, kind, channel, letter }, nowMs) {
      const sealed = await vault.seal(userId, JSON.stringify(letter));
      // Nobody is told anything who was erased meanwhile.
      if (sealed === null) return;
      await database.rows(PUT, [messageId, userId, kind, channel, sealed, nowMs]);
    },
    async takeDue(nowMs, leasedUntilMs, limit) {
      return Promise.all((await database.rows<Row>(TAKE, [nowMs, leasedUntilMs, limit])).map(toDue));
    },
    async record(messageId, record, nowMs) {
      const nextTryAtMs = record.kind === 'again' ? record.nextTryAtMs : null;
      await database.rows(RECORD, [messageId, nextTryAtMs, reasonOf(record), record.kind === 'sent', nowMs]);
    },
    async forget(beforeMs) {
      const [row] = await database.rows<{ gone: number }>(FORGET, [beforeMs]);
      return row?.gone ?? 0;
    },
  };
}

import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import { createTableQueue, type Due } from '../../../infrastructure/table-queue/table-queue.ts';
import type { Channel, DueMessage, KeptMessage, Letter, Outbox, TryRecord } from '../application/ports.ts';
import type { NoticeKind } from '../contract.ts';

const PUT = statement(
  'notify.put-message',
  `insert into notify.message (id, user_id, kind, channel, letter, created_at, next_try_at)
   values ($1, $2, $3, $4, $5, store.from_ms($6), store.from_ms($6)) on conflict (id) do nothing`,
);

const QUEUE = {
  table: 'notify.message',
  receiver: 'channel',
  columns: ['kind', 'letter'],
  recorded: 'error = $3, sent_at = case when $4 then store.from_ms($5) end',
  atOnce: 16,
  atOnceOfOne: 8,
  leaseMs: 60_000,
};

type Row = { readonly kind: NoticeKind; readonly channel: Channel; readonly letter: string };

const OF_USER = statement(
  'notify.messages-of-user',
  `select id, kind, channel, letter, created_at, sent_at from notify.message
   where user_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
);

type KeptRow = Row & { readonly id: string; readonly created_at: number; readonly sent_at: number | null };

const reasonOf = (record: TryRecord): string | null => ('reason' in record ? record.reason : null);

export function createOutbox(database: Database, vault: Vault, clock: Clock): Outbox {
  const queue = createTableQueue<Row>(database, clock, QUEUE);

  async function open(letter: string): Promise<Letter | null> {
    const text = await vault.open(letter);
    return text === null ? null : (JSON.parse(text) as Letter);
  }

  const toDue = async ({ id, kind, channel, letter, attempts }: Due<Row>): Promise<DueMessage> => {
    return { messageId: id, kind, channel, attempts, letter: await open(letter) };
  };

  async function toKept({ id, kind, channel, letter, created_at, sent_at }: KeptRow): Promise<KeptMessage> {
    const times = { createdAtMs: created_at, sentAtMs: sent_at };
    return { messageId: id, kind, channel, letter: await open(letter), ...times };
  }

  return {
    async put({ messageId, userId, kind, channel, letter }, nowMs) {
      const sealed = await vault.seal(userId, JSON.stringify(letter));
      // Nobody is told anything who was erased meanwhile.
      if (sealed === null) return;
      await database.rows(PUT, [messageId, userId, kind, channel, sealed, nowMs]);
    },
    workOff: (stopping, tryOnce) => queue.workOff(stopping, async (row) => tryOnce(await toDue(row))),
    async ofUser(userId, after, limit) {
      return Promise.all((await database.rows<KeptRow>(OF_USER, [userId, after, limit])).map(toKept));
    },
    record(messageId, record, nowMs) {
      const nextTryAtMs = record.kind === 'again' ? record.nextTryAtMs : null;
      return queue.record(messageId, nextTryAtMs, [reasonOf(record), record.kind === 'sent', nowMs]);
    },
    forget: (beforeMs) => queue.forget(beforeMs),
    backlog: () => queue.backlog(),
  };
}

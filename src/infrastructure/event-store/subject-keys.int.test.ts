import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { statement } from '../postgres/session.ts';
import { context, newId } from './appends.suite.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { createSubjectKeyTable } from './subject-keys.ts';
import { createVault } from './vault.ts';

const CACHED_MS = 300;

describeWithDatabase('subject keys in PostgreSQL', () => {
  let log: ScratchLog;
  const masterKey = randomBytes(32);
  const openVault = () =>
    createVault({ keys: createSubjectKeyTable(log.connect('test-vault')), masterKey, cachedForMs: CACHED_MS });
  beforeAll(async () => {
    log = await openScratchLog();
  });
  afterAll(() => log?.close());

  test('two processes that seal for a new subject at once agree on one key', async () => {
    const vaults = [openVault(), openVault()];
    const subjects = Array.from({ length: 20 }, newId);
    const sealed = await Promise.all(
      subjects.flatMap((subject) =>
        vaults.flatMap((vault) => [vault.seal(subject, subject), vault.seal(subject, subject)]),
      ),
    );
    const fresh = openVault();
    const opened = await Promise.all(sealed.map((text) => fresh.open(text ?? '')));
    expect(opened).toEqual(subjects.flatMap((subject) => [subject, subject, subject, subject]));
  });

  test('an erasure on one process is seen by another within the time it caches keys', async () => {
    const [here, there] = [openVault(), openVault()];
    const subject = newId();
    const sealed = (await here.seal(subject, 'Айгүл')) ?? '';
    expect(await there.open(sealed)).toBe('Айгүл');
    const erasedAt = Date.now();
    await here.destroy(subject);
    expect(await here.open(sealed)).toBeNull();
    let askedAt = Date.now();
    while ((await there.open(sealed)) !== null) {
      expect(askedAt - erasedAt).toBeLessThanOrEqual(CACHED_MS);
      await pause(10);
      askedAt = Date.now();
    }
    expect(await openVault().open(sealed)).toBeNull();
    expect(await openVault().seal(subject, 'x')).toBeNull();
    const rows = await log.owner.rows<{ wrapped: unknown; gone: boolean }>(
      statement(
        'test.key',
        'select wrapped, destroyed_at is not null as gone from store.subject_key where subject_id = $1',
      ),
      [subject],
    );
    expect(rows).toEqual([{ wrapped: null, gone: true }]);
  });

  test('one that never had a key can be erased, and gets none afterwards', async () => {
    const subject = newId();
    await openVault().destroy(subject);
    expect(await openVault().seal(subject, 'x')).toBeNull();
  });

  test('a personal field is nowhere in the row, and null in the event after the erasure', async () => {
    const store = await log.openStore();
    const vault = openVault();
    const personal = { subject: 'userId', fields: ['name', 'children.*.name'] };
    const codec = createEventCodec([{ type: 'TestJoined', version: 1, personal }], vault);
    const [streamId, userId] = [newId(), newId()];
    const data = { userId, name: 'Айгүл', children: [{ name: 'Алина', age: 4 }] };
    const encoded = await codec.encode({ type: 'TestJoined', data });
    const streams = [
      { streamId, aggregateType: 'Test', expected: 'none' as const, events: [{ id: newId(), ...encoded }] },
    ];
    await store.append({ streams, context });
    const [row] = await log.owner.rows<{ text: string }>(
      statement('test.row', 'select e::text as text from store.event e where aggregate_id = $1'),
      [streamId],
    );
    expect(row?.text).toContain(`p1.${userId}.`);
    for (const secret of ['Айгүл', 'Алина', Buffer.from('Айгүл').toString('hex')])
      expect(row?.text).not.toContain(secret);
    const read = async () =>
      (await Promise.all((await store.load(streamId)).events.map((each) => codec.decode(each))))[0]?.data;
    expect(await read()).toEqual(data);
    await vault.destroy(userId);
    expect(await read()).toEqual({ userId, name: null, children: [{ name: null, age: 4 }] });
  });
});

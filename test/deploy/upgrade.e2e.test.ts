import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import { migrate } from '../../src/infrastructure/postgres/migrate.ts';
import { migrationSources } from '../../src/main/migration-sources.ts';
import { addDays } from '../../src/kernel/time.ts';
import { newGuest, openSmallPark, order, outcomeOf, tally } from '../e2e/guests.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';

/** What the next version could bring: a column in the busiest table, and a table of its own. */
const NEXT = `
  create schema next;
  create table next.notes (id uuid primary key, note text not null);
  alter table booking.tickets add column next_note text;
`;
const LOCK_TIMEOUT_MS = 200;

describeWithDatabase('a migration beside the version before it', () => {
  test('waits briefly for a busy table and tries again, and nobody who buys meanwhile is refused or waits for long', async () => {
    const template = await createTestDatabase();
    onTestFinished(() => template.drop());
    const settings = await localSettings(await temporaryDataDir(), { DATABASE_URL: template.url });
    const { app, url } = await startTestApi(settings, systemClock);
    await openSmallPark(app, 'upgraded', 10_000);
    const date = addDays(new Date().toISOString().slice(0, 10), 3);
    const guests = await Promise.all(Array.from({ length: 4 }, () => newGuest(url)));
    const folder = await mkdtemp(join(tmpdir(), 'skypark-next-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, '0001-next.sql'), NEXT);
    const next = { name: 'next', directory: pathToFileURL(`${folder}/`) };
    const connection = { url: template.url, poolSize: 1, applicationName: 'upgrade-test', onError: () => undefined };
    const reader = connectDatabase(connection);
    onTestFinished(() => reader.close());

    let isMigrated = false;
    const outcomes: string[] = [];
    let longestMs = 0;
    const buyers = guests.map(async (guest) => {
      while (!isMigrated) {
        const startedMs = performance.now();
        outcomes.push(outcomeOf(await order(guest, { parkId: 'upgraded', date })));
        longestMs = Math.max(longestMs, performance.now() - startedMs);
      }
    });
    const log: string[] = [];
    let migrating: Promise<unknown> | undefined;
    // A report that takes its time keeps the migration from its lock.
    await reader.transaction(async (session) => {
      await session.run('lock table booking.tickets in access share mode');
      migrating = migrate(template.url, [...migrationSources, next], {
        log: (line) => log.push(line),
        lockTimeoutMs: LOCK_TIMEOUT_MS,
        attempts: 50,
      });
      await expect.poll(() => log.filter((line) => line.includes('got no lock')).length, { timeout: 20_000 }).toBe(3);
    });
    await migrating;
    isMigrated = true;
    await Promise.all(buyers);

    expect(log.join('\n')).toContain('next/0001-next.sql got no lock in 200 ms, attempt 4 follows');
    expect(tally(outcomes)).toEqual({ '201': outcomes.length });
    expect(outcomes.length).toBeGreaterThan(10);
    expect(longestMs).toBeLessThan(LOCK_TIMEOUT_MS + 3000);
    // And after it, as before.
    const [guest] = guests;
    if (guest !== undefined) expect(outcomeOf(await order(guest, { parkId: 'upgraded', date }))).toBe('201');
  });
});

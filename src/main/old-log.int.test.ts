import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { compareProjection } from '../infrastructure/event-store/compare-projection.ts';
import { openPostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import { registerProjections } from '../infrastructure/event-store/projections.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { migrate } from '../infrastructure/postgres/migrate.ts';
import type { MigrationSource } from '../infrastructure/postgres/migration-files.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import type { JsonObject } from '../kernel/event-store.ts';
import { migrateDatabase } from './migrate-database.ts';
import { manifests, migrationSources } from './migration-sources.ts';

/** How many files of each folder the database has had: tickets without cancellations, refunds without their parks. */
const OLD_FILES: Readonly<Record<string, number>> = { 'event-store': 5, booking: 1, payment: 2 };
const clock = createManualClock(Date.parse('2026-01-05T06:00:00Z'));
const silent = { log: () => undefined };
const projections = manifests.flatMap((manifest) => manifest.projections);

/** The folders as they were when they had no more files than these. */
async function oldSources(): Promise<readonly MigrationSource[]> {
  const root = await mkdtemp(join(tmpdir(), 'skypark-old-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const old = migrationSources.map(async ({ name, directory }) => {
    const files = (await readdir(directory)).toSorted().slice(0, OLD_FILES[name] ?? 0);
    for (const file of files) await cp(join(fileURLToPath(directory), file), join(root, name, file));
    return files.length === 0 ? [] : [{ name, directory: pathToFileURL(`${join(root, name)}/`) }];
  });
  return (await Promise.all(old)).flat();
}

/** What was told of one ticket that was bought, cancelled and paid back, as the log has it. */
function story(ticketId: string, paymentId: string, refundId: string): readonly (readonly [string, JsonObject])[] {
  const [nowMs, userId] = [clock.now(), ids.next()];
  const place = { ticketId, userId, parkId: 'ala-archa', visitDate: '2026-01-08', places: 2 };
  const terms = {
    ticketType: 'family',
    qrCode: ticketId,
    priceTyiyn: '35000',
    priceLines: [],
    children: [],
    adults: 1,
  };
  const discounts = { promo: { code: 'WINTER' }, pointsSpent: 30 };
  const times = {
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 900_000,
    validFromMs: nowMs,
    validUntilMs: nowMs + 86_400_000,
  };
  const order = { paymentId, ticketId, userId, amountTyiyn: '35000', method: 'elqr', providerKey: ids.next() };
  const refund = { paymentId, ticketId, refundId, amountTyiyn: '35000' };
  const paid = { paymentId, paidTyiyn: '35000', subjectId: userId };
  const cancelled = { why: 'guest', reason: null, freedFrom: 'sold', cancelledAtMs: nowMs };
  return [
    ['TicketHeld', { ...place, ...terms, ...discounts, ...times }],
    ['PaymentIntended', { ...order, parkId: 'ala-archa', intendedAtMs: nowMs, expiresAtMs: nowMs + 900_000 }],
    ['PaymentSucceeded', { ...order, currency: 'KGS', providerReference: 'bank', succeededAtMs: nowMs }],
    ['TicketActivated', { ...place, ...paid, admissionCode: 'sealed', activatedAtMs: nowMs, retaken: false }],
    ['TicketCancelled', { ...place, ...discounts, ...paid, ...cancelled }],
    ['RefundRequested', { ...refund, reason: 'ticket_cancelled', requestedAtMs: nowMs }],
    ['RefundSubmitted', { refundId, refundKey: refundId, submittedAtMs: nowMs }],
    ['RefundSucceeded', { ...refund, providerReference: 'bank', succeededAtMs: nowMs }],
    ['TicketRefunded', { ...place, refundId, refundedAtMs: nowMs }],
  ];
}

const REFUNDS = statement(
  'test.refunds',
  `select t.status, t.points_spent, t.refund_status, r.park_id, r.reference
   from booking.tickets t join payment.payments p on p.ticket_id = t.id join payment.refunds r on r.payment_id = p.id`,
);

// A log of then was opened without the role of its node, which the store of today says.
const TODAYS_OPENING = `create function store.open_node(named text, its_role text) returns store.head
  language sql as $$ select store.open_node(named) $$`;

describeWithDatabase('a log older than columns of its read models', () => {
  test('is read anew when its database is migrated: the rows are those of a rebuild', async () => {
    const { url, drop } = await createTestDatabase({ from: 'empty' });
    onTestFinished(drop);
    await migrate(url, await oldSources(), silent);
    const connect = (poolSize: number) =>
      connectDatabase({ url, poolSize, applicationName: 'skypark-test', onError: () => undefined });
    const [owner, writer] = [connect(2), connect(1)];
    onTestFinished(() => owner.close());
    const old = projections.filter(({ name }) => ['booking.tickets', 'payment.payments'].includes(name));
    expect(old).toHaveLength(2);
    await registerProjections(owner, old);
    await owner.run(TODAYS_OPENING);

    const store = await openPostgresEventStore({ writer, reader: owner, nodeId: 'test', clock, sleep });
    const [ticketId, paymentId] = [ids.next(), ids.next()];
    for (const [type, data] of story(ticketId, paymentId, ids.next())) {
      const isTicket = type.startsWith('Ticket');
      const stream = { streamId: isTicket ? ticketId : paymentId, aggregateType: isTicket ? 'Ticket' : 'Payment' };
      const events = [{ id: ids.next(), type, schemaVersion: 1, data }];
      await store.append({
        streams: [{ ...stream, expected: 'any', events }],
        context: { actor: 'system', correlationId: 'test', occurredAtMs: clock.now() },
      });
    }
    await store.close();
    await writer.close();
    await owner.run('drop function store.open_node(text, text)');

    await migrateDatabase(url, silent);
    expect(await owner.rows(REFUNDS)).toEqual([
      { status: 'refunded', points_spent: 30, refund_status: 'succeeded', park_id: 'ala-archa', reference: 'bank' },
    ]);
    for (const projection of projections) {
      const { differing } = await compareProjection(owner, projection);
      expect({ projection: projection.name, differing }).toEqual({ projection: projection.name, differing: 0 });
    }
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { chained, signer } from '../../infrastructure/event-store/authored-log.suite.ts';
import { createPostgresReplicationLog } from '../../infrastructure/event-store/postgres-replication.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { AuthoredEvent } from '../../kernel/replication.ts';
import { clock, codeOf, gateOn, NOW_MS, scanOf, sell } from './gates.suite.ts';
import { admissionManifest } from './module.ts';

const PARKS = 2;
const ORDERS = 4;

const INCIDENTS = statement(
  'test.incidents',
  `select id, ticket_id, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate, scan_ids
   from admission.incidents order by id`,
);
const INSIDE = statement('test.inside', 'select ticket_id, admitted, inside from admission.admissions order by 1');

describeWithDatabase('what two parks tell headquarters of people who came in twice', () => {
  const opened: ModuleDatabase[] = [];
  const parks: { readonly node: TestNode; readonly events: readonly AuthoredEvent[] }[] = [];

  const open = async () => {
    const database = await openModuleDatabase(admissionManifest, clock);
    opened.push(database);
    return database.startNode();
  };

  /** Parties that came in at two or three gates that heard nothing of each other; their scans arrive in a shuffled order. */
  async function workAlone(node: TestNode): Promise<void> {
    const visits = fc.array(fc.record({ people: fc.integer({ min: 1, max: 4 }), minutesAgo: fc.nat(5) }), {
      minLength: 2,
      maxLength: 3,
    });
    const gate = gateOn(node);
    for (const entries of fc.sample(visits, 8)) {
      const code = codeOf(sell());
      for (const { people, minutesAgo } of entries) {
        await gate(scanOf(code, { people, saidAtMs: NOW_MS - minutesAgo * 60_000, decidedOffline: true }));
      }
    }
  }

  async function eventsOf({ database }: TestNode): Promise<readonly AuthoredEvent[]> {
    const replication = createPostgresReplicationLog(database, clock);
    await replication.seal(signer);
    const { incarnation } = await replication.head();
    return (await replication.segmentsAfter(incarnation, 0, { segments: 100 })).flatMap(({ events }) => events);
  }

  beforeAll(async () => {
    for (let index = 0; index < PARKS; index += 1) {
      const node = await open();
      await workAlone(node);
      parks.push({ node, events: await eventsOf(node) });
    }
  });
  afterAll(async () => {
    for (const database of opened) await database.close();
  });

  const rowsOf = async ({ database }: TestNode) => ({
    incidents: await database.rows<{ readonly id: string }>(INCIDENTS, []),
    inside: await database.rows<{ readonly ticket_id: string }>(INSIDE, []),
  });

  test('gives the same incidents with the same winners there, in whatever order and pieces the parks are heard', async () => {
    const known = await Promise.all(parks.map(({ node }) => rowsOf(node)));
    const all = {
      incidents: known.flatMap(({ incidents }) => incidents).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      inside: known.flatMap(({ inside }) => inside).toSorted((a, b) => (a.ticket_id < b.ticket_id ? -1 : 1)),
    };
    expect(all.incidents.length).toBeGreaterThan(PARKS);
    const orders = fc.array(fc.record({ park: fc.nat(PARKS - 1), count: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 60,
      maxLength: 60,
    });
    for (const order of fc.sample(orders, ORDERS)) {
      const headquarters = await open();
      const replication = createPostgresReplicationLog(headquarters.database, clock);
      const heard = parks.map(() => 0);
      const rest = parks.map(({ events }, park) => ({ park, count: events.length }));
      for (const { park, count } of [...order, ...rest]) {
        const { events = [] } = parks[park] ?? {};
        const from = heard[park] ?? 0;
        const to = Math.min(events.length, from + count);
        if (to === from) continue;
        expect((await replication.receive(chained(events, from + 1, to))).outcome).toBe('stored');
        heard[park] = to;
      }
      expect(await rowsOf(headquarters)).toEqual(all);
    }
  });
});

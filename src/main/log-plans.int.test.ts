import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../test/support/database.ts';
import { systemClock } from '../infrastructure/clock.ts';
import { openPostgresEventStore, type PostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import { createSubscriptionTable, type SubscriptionTable } from '../infrastructure/event-store/subscription-table.ts';
import { createTakenBack } from '../modules/admission/persistence/taken-back.ts';
import { openPlanStage, PLAN_MODES, ROWS, type PlanStage } from './query-plans.suite.ts';

const STREAM = randomUUID();

/** A long log, and a subscription with much that it put aside and tried again since. */
const FILL = `
  select store.open_node('hq', 'hq');
  set skypark.appending = 'yes';
  insert into store.event (position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at,
    node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, command_id, append_size, actor, schema_version)
  select n, gen_random_uuid(), case when n <= 20 then '${STREAM}'::uuid else gen_random_uuid() end, 'Test', 'Test' || n % 50, '{}',
    case when n <= 20 then n else 1 end, now(), now(), h.node_id, h.incarnation, n, n, sha256(int8send(n)), sha256(int8send(-n)), 'test',
    gen_random_uuid(), 1, 'system', 1
  from store.head h, generate_series(1, ${ROWS}) n;
  reset skypark.appending;
  update store.head set position = ${ROWS}, seq = ${ROWS}, hlc = ${ROWS};
  insert into store.subscription (name) values ('flow.busy');
  insert into store.parked_event (subscription, position, aggregate_id, error, attempts, resolved_at)
  select 'flow.busy', n, gen_random_uuid(), 'failed', 3, case when n > 10 then now() end from generate_series(1, ${ROWS}) n;
  insert into store.claim (scope, key, owner) select 'test', n::text, gen_random_uuid() from generate_series(1, ${ROWS}) n;
  insert into store.counter (account, balance) select 'test/' || n, 1 from generate_series(1, ${ROWS}) n;
`;

describeWithDatabase('what is asked of a long log', () => {
  let stage: PlanStage;
  let store: PostgresEventStore;
  let table: SubscriptionTable;
  beforeAll(async () => {
    stage = await openPlanStage(FILL);
    const { watched } = stage;
    store = await openPostgresEventStore({ writer: watched, reader: watched, nodeId: 'hq', clock: systemClock, sleep });
    table = createSubscriptionTable(watched, 'test');
  });
  afterAll(() => stage?.close());

  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    'a stream': () => store.load(STREAM),
    'the end of a stream': () => store.load(STREAM, 18),
    'many streams at once': () => Promise.all([STREAM, randomUUID(), STREAM].map((id) => store.load(id))),
    'the next events': () => store.read(ROWS - 500, 500),
    'the next events of some types': () => store.read(ROWS - 500, 500, ['Test1', 'Test7']),
    'the next events for many flows': () =>
      Promise.all(Array.from({ length: 20 }, (_, flow) => store.read(ROWS - 100, 500, [`Test${flow}`]))),
    'what a command stored': () => store.findCommand(randomUUID()),
    'whose a name is': () => store.ownerOf('test', '7'),
    'where the current life ends, before something is taken back': () => createTakenBack(stage.watched).fallBehind(),
    'tickets by which two lives let people in': () => createTakenBack(stage.watched).ofTwoLives(ROWS - 500),
    'what counters hold': () => store.balances(['test/7', 'test/8', 'test/none']),
    'what flows put aside': () => Promise.all([table.parked('flow.busy'), table.parked('flow.idle')]),
    'what a flow put aside of an aggregate': () => table.parkedPositions('flow.busy', STREAM),
  };

  describe.each(PLAN_MODES)('planned by %s', (mode) => {
    test.each(Object.keys(asked))('%s reads no table from end to end', async (what) => {
      const { statements, scans } = await stage.plansOf(mode, asked[what] ?? (() => Promise.resolve()));
      expect(statements).toBeGreaterThan(0);
      // The head is one row.
      expect(scans.filter((name) => name !== 'head')).toEqual([]);
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { sqlState } from '../postgres/errors.ts';
import { connectDatabase, type Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { newId, NODE, NOON_MS, one } from './appends.suite.ts';
import { Flush } from './flush.ts';
import { openPostgresEventStore } from './postgres-store.ts';
import { prepareAppend } from './prepared-append.ts';
import { registerProjections } from './projections.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';

const APPEND = statement(
  'test.append',
  'select store.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)::text as answer',
);

const COLUMNS = `position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at,
  node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, append_size, actor, schema_version`;

const changes: readonly (readonly [string, string])[] = [
  [
    'INSERT',
    `insert into store.event (${COLUMNS}) select position + 1000, gen_random_uuid(), gen_random_uuid(), aggregate_type,
     event_type, event_data, 1, created_at, occurred_at, node_id, incarnation, seq, hlc, payload_hash, link, correlation_id,
     append_size, actor, schema_version from store.event limit 1`,
  ],
  ['UPDATE', `update store.event set event_data = '{}'`],
  ['UPDATE of no row', `update store.event set event_data = '{}' where false`],
  ['DELETE', 'delete from store.event'],
  ['TRUNCATE', 'truncate store.event cascade'],
];

describeWithDatabase('the log', () => {
  let log: ScratchLog;
  let app: Database;
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection);
    await registerProjections(log.owner, [toyProjection]);
    app = log.connect('test-app', 1);
    const store = await log.openStore();
    await store.append(one(newId(), 'none', 3));
  });
  afterAll(() => log?.close());

  describe('is append-only', () => {
    test.each(changes)('%s is refused to the program by its grants', async (_name, sql) => {
      await expect(app.run(sql)).rejects.toMatchObject({
        code: sqlState.insufficientPrivilege,
        message: /permission denied/,
      });
    });

    test.each(changes)('%s is refused to the owner by a trigger', async (_name, sql) => {
      await expect(log.owner.run(sql)).rejects.toMatchObject({
        code: sqlState.insufficientPrivilege,
        message: /append-only|store\.append only/,
      });
    });

    test.each(['store.head', 'store.claim', 'store.counter', 'store.projection', 'store.voided_flush', 'toy.counts'])(
      '%s is out of the reach of the program',
      async (table) => {
        await expect(app.run(`delete from ${table}`)).rejects.toMatchObject({ code: sqlState.insufficientPrivilege });
      },
    );

    test('nobody but the program and the owner may append', async () => {
      const [row] = await log.owner.rows<{ acl: string }>(
        statement(
          'test.acl',
          `select array_to_string(proacl, ' ') as acl from pg_proc where oid = 'store.append'::regproc`,
        ),
      );
      expect(row?.acl).toMatch(/^\w+=X\/\w+ skypark_app=X\/\w+$/);
    });
  });

  describe('one call of store.append', () => {
    const flushOf = (number: number, voids: number, type = 'ToyCounted') => {
      const append = one(newId(), 'none');
      const [stream] = append.streams;
      const typed = {
        ...append,
        streams: [{ ...stream, events: stream?.events.map((event) => ({ ...event, type })) }],
      };
      return {
        streamId: stream?.streamId ?? '',
        values: (writer: string) =>
          new Flush([prepareAppend(typed as typeof append)]).arguments({
            writer,
            number,
            voids,
            nowMs: NOON_MS,
            checkIds: false,
          }),
      };
    };

    test('leaves the search path of its session as it was, also when a projection failed', async () => {
      const SHOW = statement(
        'test.path',
        `select current_setting('search_path') as path, current_setting('plan_cache_mode') as mode`,
      );
      const before = await app.rows(SHOW);
      await app.rows(APPEND, flushOf(1, 0).values(newId()));
      expect(await app.rows(SHOW)).toEqual(before);
      await expect(app.rows(APPEND, flushOf(1, 0, 'ToyBroken').values(newId()))).rejects.toThrow('a toy broke');
      expect(await app.rows(SHOW)).toEqual(before);
      await app.transaction(async (session) => {
        await session.rows(APPEND, flushOf(2, 0).values(newId()));
        expect(await session.rows(SHOW)).toEqual(before);
        await expect(session.run('insert into store.event select * from store.event')).rejects.toThrow(
          'permission denied',
        );
        await session.run('rollback; begin');
      });
    });

    test('that was repeated since is not stored late, and no other writer is held up by it', async () => {
      const [writer, other] = [newId(), newId()];
      const [late, repeat, next] = [flushOf(1, 0), flushOf(2, 1), flushOf(3, 0)];
      await app.rows(APPEND, repeat.values(writer));
      await expect(app.rows(APPEND, late.values(writer))).rejects.toThrow('flush 1 was repeated since');
      await app.rows(APPEND, next.values(writer));
      await app.rows(APPEND, flushOf(1, 0).values(other));
      const [row] = await app.rows<{ found: number }>(
        statement('test.late', 'select count(*) as found from store.event where aggregate_id = $1'),
        [late.streamId],
      );
      expect(row?.found).toBe(0);
    });
  });

  test('of one node is not opened as another', async () => {
    const writer = connectDatabase({ url: log.url, applicationName: 'test', poolSize: 1, onError: () => undefined });
    const open = (nodeId: string) =>
      openPostgresEventStore({
        writer,
        reader: writer,
        nodeId,
        clock: { now: () => NOON_MS },
        sleep: async () => undefined,
      });
    await expect(open('somebody-else')).rejects.toThrow(`this database belongs to node ${NODE}, not somebody-else`);
    await expect(open(NODE)).resolves.toBeDefined();
    await writer.close();
  });
});

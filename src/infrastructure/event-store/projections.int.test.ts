import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../postgres/session.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { compareProjection } from './compare-projection.ts';
import { rebuildProjection, registerProjections } from './projections.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';

const ROWS = statement(
  'test.toy-hash',
  `select count(*) as rows, coalesce(md5(string_agg(c::text, ';' order by stream_id)), '') as hash from toy.counts c`,
);

/** Everything about the table that a schema dump would show. */
const DEFINITION = statement(
  'test.toy-definition',
  `select jsonb_build_object(
     'columns', (select jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
         pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum), a.attacl::text, a.attstorage) order by a.attnum)
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
     'triggers', (select jsonb_agg(pg_get_triggerdef(oid) order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal),
     'constraints', (select jsonb_agg(conname || ' ' || pg_get_constraintdef(oid) order by conname) from pg_constraint where conrelid = c.oid),
     'indexes', (select jsonb_agg(pg_get_indexdef(indexrelid) order by pg_get_indexdef(indexrelid)) from pg_index where indrelid = c.oid),
     'options', c.reloptions, 'comment', obj_description(c.oid, 'pg_class'), 'acl', c.relacl::text,
     'owner', pg_get_userbyid(c.relowner)) as definition
   from pg_class c where c.oid = 'toy.counts'::regclass`,
);

const SHADOWS = statement(
  'test.shadows',
  `select nspname from pg_namespace where nspname like 'rebuild%' or nspname like 'compare%'`,
);

describeWithDatabase('a projection', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  const streams = Array.from({ length: 50 }, newId);
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection);
    await registerProjections(log.owner, [toyProjection]);
    store = await log.openStore();
    await Promise.all(Array.from({ length: 1500 }, (_, index) => appendToy(index)));
  });
  afterAll(() => log?.close());

  const appendToy = (index: number) =>
    store.append({
      streams: [
        part(streams[index % streams.length] ?? '', 'any', [
          event('ToyCounted'),
          event('ToyOther'),
          event('ToyCounted'),
        ]),
      ],
      context,
    });
  const rows = async () => (await log.owner.rows<{ rows: number; hash: string }>(ROWS))[0];
  const definition = async () => (await log.owner.rows<{ definition: unknown }>(DEFINITION))[0]?.definition;

  test('kept by the appends is the same when it is rebuilt, with indexes, grants and comments as before', async () => {
    const [before, defined] = [await rows(), await definition()];
    expect(before?.rows).toBe(50);
    const progress: number[] = [];
    const position = await rebuildProjection(log.owner, toyProjection, {
      batch: 700,
      onProgress: (at) => void progress.push(at),
    });
    expect(position).toBe(4500);
    expect(progress.length).toBeGreaterThan(4);
    expect(await rows()).toEqual(before);
    expect(await definition()).toEqual(defined);
    expect(await log.owner.rows(SHADOWS)).toEqual([]);
    expect(await log.connect('test-app', 1).rows(ROWS)).toEqual([before]);
  });

  test('that was damaged is repaired by a rebuild while appends go on, and is found equal afterwards', async () => {
    await log.owner.run(
      "update toy.counts set counted = counted + 1, label = label || stream_id where stream_id::text < '8'",
    );
    expect(await compareProjection(log.owner, toyProjection)).toMatchObject({ rows: 50 });
    let appended = 0;
    let isRebuilt = false;
    const appending = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!isRebuilt) {
          appended += 1;
          expect((await appendToy(appended)).outcome).toBe('stored');
        }
      }),
    );
    await rebuildProjection(log.owner, toyProjection, { batch: 300 });
    isRebuilt = true;
    await appending;
    expect(appended).toBeGreaterThan(10);
    expect(await compareProjection(log.owner, toyProjection)).toMatchObject({
      differing: 0,
      position: await store.headPosition(),
    });
    // By an independent count as well.
    const [wrong] = await log.owner.rows<{ wrong: number }>(
      statement(
        'test.toy-wrong',
        `select count(*) as wrong from toy.counts c full join (
           select aggregate_id, count(*) as counted, max(position) as last_position from store.event
           where event_type = 'ToyCounted' group by aggregate_id
         ) e on e.aggregate_id = c.stream_id
         where c.counted is distinct from e.counted or c.last_position is distinct from e.last_position`,
      ),
    );
    expect(wrong?.wrong).toBe(0);
  });

  test('whose rebuild breaks off in the middle is as it was, and can be rebuilt later', async () => {
    const [before, defined] = [await rows(), await definition()];
    const crash = rebuildProjection(log.owner, toyProjection, {
      batch: 500,
      onProgress: (at) => {
        if (at >= 1000) throw new Error('power cut');
      },
    });
    await expect(crash).rejects.toThrow('power cut');
    expect([await rows(), await definition()]).toEqual([before, defined]);
    expect((await appendToy(1)).outcome).toBe('stored');
    const after = await rows();
    await rebuildProjection(log.owner, toyProjection);
    expect([await rows(), await definition()]).toEqual([after, defined]);
    expect(await log.owner.rows(SHADOWS)).toEqual([]);
  });

  test('is rebuilt by one process at a time', async () => {
    let other: Promise<number> | undefined;
    await rebuildProjection(log.owner, toyProjection, {
      batch: 1000,
      onProgress: () => {
        other ??= rebuildProjection(log.owner, toyProjection);
        return other.then(
          () => undefined,
          () => undefined,
        );
      },
    });
    await expect(other).rejects.toThrow('toy.counts is being rebuilt already');
  });

  test('that somebody reads for long is swapped in between, and appends are not kept waiting', async () => {
    const reading = await log.owner.connection();
    await reading.run('begin; select from toy.counts');
    const rebuilding = rebuildProjection(log.owner, toyProjection);
    let longestMs = 0;
    for (const endAt = Date.now() + 2500; Date.now() < endAt;) {
      const startedAt = Date.now();
      expect((await appendToy(3)).outcome).toBe('stored');
      longestMs = Math.max(longestMs, Date.now() - startedAt);
    }
    await reading.run('commit');
    await reading.close();
    await rebuilding;
    expect(longestMs).toBeLessThan(1500);
    expect(await compareProjection(log.owner, toyProjection)).toMatchObject({ differing: 0 });
  });

  test('that a view reads is not rebuilt, because the view would keep the old table', async () => {
    await log.owner.run('create view toy.busy as select * from toy.counts where counted > 100');
    const before = await rows();
    await expect(rebuildProjection(log.owner, toyProjection)).rejects.toThrow('toy.busy reads');
    await log.owner.run('drop view toy.busy');
    expect(await rows()).toEqual(before);
  });

  test('that is no longer registered is not kept any more', async () => {
    const before = await rows();
    await registerProjections(log.owner, []);
    await appendToy(1);
    expect(await rows()).toEqual(before);
    await registerProjections(log.owner, [toyProjection]);
    await rebuildProjection(log.owner, toyProjection);
    expect(await compareProjection(log.owner, toyProjection)).toMatchObject({ differing: 0 });
  });
});

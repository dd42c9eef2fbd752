import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Projection } from '../module.ts';
import { statement } from '../postgres/session.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { registerProjections } from './projections.ts';
import { refreshProjections } from './refresh-projections.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';

const COUNTED = statement('test.counted', 'select counted from toy.counts order by counted');
const other: Projection = { ...toyProjection, name: 'toy.other', tables: ['other'], functionName: 'toy.project_other' };
const both = [toyProjection, other];

/** Two more functions beside the toy's: a helper, and one of another read model. */
const NEIGHBOURS = `
  create function toy.weight() returns integer language sql as 'select 1';
  create table toy.other (id integer);
  create function toy.project_other(bigint, bigint) returns void language plpgsql as 'begin end';
`;

describeWithDatabase('read models whose rows an earlier version made', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection + NEIGHBOURS);
    await registerProjections(log.owner, both);
  });
  afterAll(() => log?.close());

  const lines: string[] = [];
  const refresh = (projections = both) => refreshProjections(log.owner, projections, (line) => lines.push(line));
  const counted = async () => (await log.owner.rows<{ counted: number }>(COUNTED)).map((row) => row.counted);
  /** The counting function of the next version counts every event as many times. */
  const countBy = (times: number) =>
    log.owner.run(`
      create or replace function toy.project_counts(from_position bigint, to_position bigint) returns void language plpgsql as $$
      begin
        insert into counts (stream_id, counted, last_position)
        select aggregate_id, ${times} * count(*), max(position) from store.event
        where position between from_position and to_position and event_type = 'ToyCounted' group by aggregate_id
        on conflict (stream_id) do update set counted = counts.counted + excluded.counted;
      end $$`);

  test('of an empty log are nobody’s, and there is nothing to rebuild', async () => {
    expect(await refresh()).toEqual([]);
    const store = await log.openStore();
    const streams = [newId(), newId()].map((id) => part(id, 'any', [event('ToyCounted'), event('ToyCounted')]));
    await store.append({ streams, context });
    expect(await refresh()).toEqual([]);
    expect(await counted()).toEqual([2, 2]);
  });

  test('are rebuilt when their function changed, once by whoever comes first', async () => {
    await countBy(3);
    const all = await Promise.all([refresh(), refresh(), refresh()]);
    expect(all.flat()).toEqual(['toy.counts']);
    expect(await counted()).toEqual([6, 6]);
    expect(lines).toContain('rebuilding toy.counts: its rows were made by an earlier version');
    expect(await refresh()).toEqual([]);
  });

  test('are rebuilt when a helper of theirs changed, and not when only the function of another did', async () => {
    await log.owner.run(`create or replace function toy.weight() returns integer language sql as 'select 2'`);
    expect(await refresh()).toEqual(['toy.counts', 'toy.other']);
    await log.owner.run(
      `create or replace function toy.project_other(bigint, bigint) returns void language plpgsql as 'begin perform 1; end'`,
    );
    expect(await refresh()).toEqual(['toy.other']);
  });

  test('are rebuilt when they are told of more kinds of events than before', async () => {
    const more = { ...toyProjection, eventTypes: [...toyProjection.eventTypes, 'ToyOther'] };
    await registerProjections(log.owner, [more, other]);
    expect(await refresh([more, other])).toEqual(['toy.counts']);
    const reordered = { ...more, eventTypes: more.eventTypes.toReversed() };
    await registerProjections(log.owner, [reordered, other]);
    expect(await refresh([reordered, other])).toEqual([]);
  });

  test('that could not be rebuilt stay as they are and are rebuilt the next time', async () => {
    const before = await counted();
    await countBy(5);
    await log.owner.run('create view toy.busy as select * from toy.counts');
    await expect(refresh()).rejects.toThrow('toy.busy reads');
    expect(await counted()).toEqual(before);
    await log.owner.run('drop view toy.busy');
    expect(await refresh()).toEqual(['toy.counts']);
    expect(await counted()).toEqual([10, 10]);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { authoredBy, chained, fill, PARK, parkNode } from './authored-log.suite.ts';
import { compareProjection } from './compare-projection.ts';
import { registerProjections } from './projections.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';

describeWithDatabase('read models of what other nodes wrote', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection);
    await registerProjections(log.owner, [toyProjection]);
    await log.openStore();
  });
  afterAll(() => log?.close());

  const countOf = async (): Promise<number> => {
    const text = 'select coalesce(sum(counted), 0) as counted from toy.counts';
    const [row] = await log.owner.rows<{ counted: number }>({ name: 'test.counted', text });
    return Number(row?.counted);
  };

  test('follow in the same call, once for what is new, and as a rebuild would make them', async () => {
    const node = parkNode();
    await fill(node, 6, 'ToyCounted');
    const all = await authoredBy(node);
    const replication = log.replication();
    await replication.receive(chained(all, 1, 4));
    expect(await countOf()).toBe(4);
    await replication.receive(chained(all));
    await replication.receive(chained(all));
    expect(await countOf()).toBe(all.length);
    expect(await compareProjection(log.owner, toyProjection)).toMatchObject({ rows: 6, differing: 0 });
  });

  test('that cannot follow keep the events and the checkpoint of the peer out as well', async () => {
    const node = parkNode();
    await fill(node, 2, 'ToyCounted');
    await fill(node, 1, 'ToyBroken');
    const all = await authoredBy(node);
    const replication = log.replication();
    const before = await replication.head();
    const counted = await countOf();
    const received = { ...chained(all), peer: { peerNodeId: PARK, lastContactMs: 1 } };
    expect(await replication.receive(received)).toEqual({
      outcome: 'unfit',
      why: 'the read models cannot take it: project_counts fails with P0001',
    });
    expect(await replication.head()).toEqual(before);
    expect(await replication.peers()).toEqual([]);
    expect(await countOf()).toBe(counted);
    expect(await replication.receive(chained(all, 1, 2))).toMatchObject({ outcome: 'stored', stored: 2 });
  });

  test('say of data which they cannot take what is wrong, not what it says; what may pass is tried again', async () => {
    await log.owner.run(`
      alter table toy.counts add constraint few check (counted < 5);
      create table toy.failing (code text);
      insert into toy.failing values ('');
      create function toy.fail_now() returns trigger language plpgsql as $$
      begin
        raise exception 'not now' using errcode = (select code from toy.failing);
      end $$;
    `);
    const [ofOne, ofMany] = [parkNode(), parkNode()];
    await fill(ofOne, 1, 'ToyCounted');
    const many = part(
      newId(),
      'none',
      Array.from({ length: 5 }, () => event('ToyCounted')),
    );
    await ofMany.store.append({ streams: [many], context });
    const replication = log.replication();
    expect(await replication.receive(chained(await authoredBy(ofMany)))).toEqual({
      outcome: 'unfit',
      why: 'the read models cannot take it: project_counts fails with 23514 of few',
    });
    await log.owner.run(`
      create trigger failing before insert on toy.counts for each row execute function toy.fail_now();
    `);
    for (const [code, passes] of [
      ['40P01', true],
      ['40001', true],
      ['53100', true],
      ['57014', true],
      ['22P02', false],
      ['21000', false],
    ] as const) {
      await log.owner.run(`update toy.failing set code = '${code}'`);
      const told = replication.receive(chained(await authoredBy(ofOne)));
      if (passes) await expect(told, code).rejects.toThrow('not now');
      else expect(await told, code).toMatchObject({ outcome: 'unfit' });
    }
    await log.owner.run('drop trigger failing on toy.counts; alter table toy.counts drop constraint few');
    expect(await replication.receive(chained(await authoredBy(ofOne)))).toMatchObject({ outcome: 'stored' });
    expect(await replication.receive(chained(await authoredBy(ofMany)))).toMatchObject({ outcome: 'stored' });
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import { authoredBy, chained, fill, parkNode } from './authored-log.suite.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { verifySegments } from './verify-segments.ts';
import { verifyChain } from './verify-chain.ts';

const EVENTS = 60;

async function authoredOf(appends: number) {
  const node = parkNode();
  await fill(node, appends);
  return authoredBy(node);
}

/** Lets the owner do to the log what its triggers forbid, and takes it back after the test. */
const tampering = (sql: string): string => `
  create table undo as select * from store.event;
  alter table store.event disable trigger user;
  ${sql};
  alter table store.event enable trigger user;`;

const UNDO = `
  alter table store.event disable trigger user;
  delete from store.event;
  insert into store.event select * from undo;
  drop table undo;
  alter table store.event enable trigger user;`;

describeWithDatabase('the hash chain', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  beforeAll(async () => {
    log = await openScratchLog();
    store = await log.openStore();
  });
  afterAll(() => log?.close());

  test('of an empty log is intact', async () => {
    expect(await verifyChain(log.owner)).toEqual({ intact: true, checked: 0, lastPosition: 0, single: 0 });
  });

  test('links every event of flushes, several streams, parks, commands and any text', async () => {
    const odd = {
      '': '\u007f\u2028"\\',
      ключ: ['🎟', -1, 2 ** 53 - 1, true, null],
      é: { b: 1, a: 0.1, A: 1e21, _: 5e-324 },
    };
    const appends = Array.from({ length: EVENTS / 3 }, (_, index) => ({
      commandId: newId(),
      streams: [part(newId(), 'none', [event('TestOdd', odd), event()]), part(newId(), 'any', [event()])],
      context: {
        ...context,
        actor: `user:${index} Ж`,
        parkId: 'ala-archa',
        causationId: 'c',
        occurredAtMs: index * 1_234_567,
      },
    }));
    await Promise.all(appends.map((append) => store.append(append)));
    const progress: number[] = [];
    const report = await verifyChain(log.owner, { batch: 25, onProgress: (position) => progress.push(position) });
    expect(report).toEqual({ intact: true, checked: EVENTS, lastPosition: EVENTS, single: 0 });
    expect(progress).toEqual([25, 50, 60]);
    expect(await verifyChain(log.owner, { batch: 7, afterPosition: 40 })).toEqual({
      intact: true,
      checked: 20,
      lastPosition: EVENTS,
      single: 0,
    });
    expect(await verifyChain(log.owner, { afterPosition: EVENTS })).toMatchObject({ intact: true, checked: 0 });
  });

  test('is also what the server computes by store.link', async () => {
    const rows = await log.owner.rows<{ wrong: number }>({
      name: 'test.links',
      text: `select count(*) as wrong from (
          select link, store.link(
            coalesce(lag(link) over (order by position), sha256('skypark/log/1')), incarnation, seq, aggregate_id,
            event_version, hlc, store.to_ms(occurred_at), payload_hash) as computed
          from store.event) l where link <> computed`,
    });
    expect(rows).toEqual([{ wrong: 0 }]);
  });

  test('can be verified while events are appended', async () => {
    const appending = Promise.all(Array.from({ length: 50 }, () => store.append(one(newId(), 'none'))));
    expect(await verifyChain(log.owner, { batch: 5 })).toMatchObject({ intact: true });
    await appending;
    expect(await verifyChain(log.owner)).toMatchObject({ intact: true, checked: EVENTS + 50 });
  });

  describe('of other nodes', () => {
    let foreign: ScratchLog;
    beforeAll(async () => {
      foreign = await openScratchLog();
      const own = await foreign.openStore();
      const replication = foreign.replication();
      await own.append(one(newId(), 'none', 4));
      const chain = await authoredOf(4);
      await replication.receive(chained(chain, 1, 3));
      await own.append(one(newId(), 'none', 2));
      await replication.receive(chained(chain, 4));
      const feed = await authoredOf(4);
      await replication.receive({ events: feed.slice(2, 3), chain: null });
      await replication.openIncarnation('restored');
      await own.append(one(newId(), 'none', 2));
    });
    afterAll(() => foreign?.close());
    afterEach(async () => {
      const [undo] = await foreign.owner.rows({
        name: 'test.undo',
        text: `select 1 from pg_class where relname = 'undo'`,
      });
      if (undo !== undefined) await foreign.owner.run(UNDO);
    });

    test('is checked author by author, and what came without its chain is counted', async () => {
      const { position } = await foreign.replication().head();
      const whole = { intact: true, lastPosition: position, single: 1 };
      expect(await verifyChain(foreign.owner, { batch: 3 })).toEqual({ ...whole, checked: position });
      for (let afterPosition = 1; afterPosition < position; afterPosition += 1) {
        expect(await verifyChain(foreign.owner, { afterPosition })).toMatchObject({ intact: true });
      }
    });

    test('and signed segments are those of the events that are there', async () => {
      const signed = parkNode('park-karakol');
      await fill(signed, 3);
      await authoredBy(signed);
      const { incarnation } = await signed.replication.head();
      const [segment] = await signed.replication.segmentsAfter(incarnation, 0, { segments: 1 });
      if (segment === undefined) throw new Error('nothing was sealed');
      const other = await openScratchLog();
      try {
        await other.openStore();
        await other.replication().receive({ events: segment.events, chain: segment.header, segment });
        expect(await verifySegments(other.owner)).toEqual({ checked: 1, wrong: [] });
        await other.owner.run(`update store.segment set header = header || '{"last": 2}'`);
        expect(await verifySegments(other.owner)).toEqual({ checked: 1, wrong: [`${incarnation}/1`] });
      } finally {
        await other.close();
      }
    });

    test.each([
      ['a payload of another node', `update store.event set actor = 'x' where position = 6`, 6, 'payload'],
      ['the time of another node', `update store.event set hlc = hlc + 1 where position = 7`, 7, 'link'],
      ['a single event', `update store.event set event_data = '{}' where position = 12`, 12, 'payload'],
      ['our own former life', `update store.event set event_version = 9 where position = 3`, 3, 'link'],
      [
        'what is said of an author',
        `update store.author set link = sha256('other') where node_id = 'park-ala-archa' and whole_to = seq`,
        14,
        'link',
      ],
    ])('tells that %s was altered', async (_what, sql, position, fault) => {
      await foreign.owner.run(tampering(sql));
      expect(await verifyChain(foreign.owner)).toEqual({ intact: false, position, fault });
    });
  });

  describe('tells that', () => {
    afterEach(() => log.owner.run(UNDO));

    test.each([
      [
        'a payload was altered',
        `update store.event set event_data = '{"free":true}' where position = 31`,
        31,
        'payload',
      ],
      ['an actor was altered', `update store.event set actor = 'user:evil' where position = 7`, 7, 'payload'],
      ['a park was altered', `update store.event set park_id = null where position = 8`, 8, 'payload'],
      [
        'a time was altered',
        `update store.event set occurred_at = occurred_at + interval '1 ms' where position = 9`,
        9,
        'link',
      ],
      [
        'a payload and its hash were altered',
        `update store.event set payload_hash = (select payload_hash from store.event where position = 3),
           event_data = (select event_data from store.event where position = 3) where position = 6`,
        6,
        'payload',
      ],
      [
        'two events changed places',
        `update store.event set position = case position when 20 then -21 else -20 end where position in (20, 21);
         update store.event set position = -position where position < 0`,
        20,
        'link',
      ],
      [
        'two links changed places',
        `update store.event a set link = b.link from store.event b
         where a.position in (20, 21) and b.position in (20, 21) and a.position <> b.position`,
        20,
        'link',
      ],
      ['an event was deleted', 'delete from store.event where position = 44', 44, 'missing'],
      ['the first event was deleted', 'delete from store.event where position = 1', 1, 'missing'],
      [
        'the last event was deleted',
        'delete from store.event where position = (select max(position) from store.event)',
        110,
        'missing',
      ],
      [
        'the end was cut off and the head moved back',
        `delete from store.event where position > 100; update store.head set position = 100`,
        100,
        'link',
      ],
    ])('%s', async (_what, sql, position, fault) => {
      await log.owner.run(tampering(sql));
      expect(await verifyChain(log.owner, { batch: 16 })).toEqual({ intact: false, position, fault });
      await log.owner.run(`update store.head set position = ${EVENTS + 50}`);
    });
  });
});

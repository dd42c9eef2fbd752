import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BrokenInvariant } from '../../kernel/assert.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import type { Delivery } from './delivery.ts';
import type { Relay, RelayHost } from './event-relay.ts';
import { createParkedEvents } from './parked-events.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { noting, openHost, until, type TestHost } from './subscription-host.suite.ts';

/** How events get from the log to their readers in one process. */
export type Feed = {
  /** Absent: the readers read the log. */
  readonly delivery?: Delivery;
  readonly publish?: RelayHost['publish'];
  close(): Promise<void>;
};

/** @param openFeed makes the feed of one process; all of a test name their readers alike */
export function describeFeed(title: string, openFeed: (reader: string) => Feed): void {
  describe(`the feed of events: ${title}`, () => {
    let log: ScratchLog;
    let store: ScratchStore;
    let name = '';
    let head = 0;
    const opened: { readonly host: TestHost; readonly relay: Relay | null; readonly feed: Feed }[] = [];
    beforeAll(async () => {
      log = await openScratchLog();
      store = await log.openStore();
    });
    afterAll(() => log?.close());
    beforeEach(async () => {
      name = `test.${newId()}`;
      head = await store.headPosition();
      await log.owner.run(
        `insert into store.subscription (name, position, fence) values ('${name}', ${head}, 1), ('relay', ${head}, 1)`,
      );
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await end(each);
      await log.owner.run(`delete from store.subscription where name = 'relay'`);
    });

    async function end({ host, relay, feed }: (typeof opened)[number]): Promise<void> {
      await host.close();
      await relay?.stop();
      await feed.close();
    }

    /** One process: a reader's host, and the relay where there is one. */
    function open(): TestHost {
      const feed = openFeed(name);
      const host = openHost(log, store, feed.delivery);
      const relay = feed.publish === undefined ? null : host.startRelay(feed.publish, [{ name }]);
      opened.push({ host, relay, feed });
      return host;
    }
    const append = (count: number, streamId = newId()) => store.append(one(streamId, 'any', count));
    const places = (seen: readonly number[]): number[] => seen.map((position) => position - head);
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

    test('brings every event once and in order, those of before the start and those of after', async () => {
      await append(20);
      const { seen, handle } = noting();
      open().start({ name, handle });
      await until('the old ones are handled', () => seen.length === 20);
      for (let index = 0; index < 30; index += 1) await Promise.all([append(1), append(3)]);
      await until('the new ones are handled', () => seen.length >= 140, 10_000);
      expect(places(seen)).toEqual(upTo(140));
    });

    test('brings a reader the types it asked for', async () => {
      const { seen, handle } = noting();
      open().start({ name, handle, eventTypes: ['TestOther'] });
      for (const type of ['TestOther', 'TestHappened', 'TestOther']) {
        await store.append({ streams: [part(newId(), 'none', [event(type)])], context });
      }
      await until('both are handled', () => seen.length === 2);
      expect(places(seen)).toEqual([1, 3]);
    });

    test('has one leading process, and another goes on where it stopped', async () => {
      const [a, b] = [noting(), noting()];
      const first = open();
      const reading = first.start({ name, handle: a.handle });
      await until('the first leads', () => reading.leading());
      open().start({ name, handle: b.handle });
      await append(10);
      await until('the first has all', () => a.seen.length === 10);
      const ended = opened.shift();
      if (ended !== undefined) await end(ended);
      await append(10);
      await until('the second goes on', () => b.seen.length >= 10, 10_000);
      expect(places([...a.seen, ...b.seen])).toEqual(upTo(20));
    });

    test('goes on after a restart without a loss', async () => {
      const { seen, handle } = noting();
      const reading = open().start({ name, handle });
      await append(5);
      await until('five are handled', () => seen.length === 5);
      await reading.stop();
      await append(5);
      open().start({ name, handle });
      await until('the rest is handled', () => seen.length === 10);
      expect(places(seen)).toEqual(upTo(10));
    });

    test('parks what cannot be handled with what follows of its aggregate, and lets the rest pass', async () => {
      const [sick, sound] = [newId(), newId()];
      let isWell = false;
      const { seen, handle } = noting(({ meta }) => {
        if (meta.streamId === sick && !isWell) throw new BrokenInvariant('poison');
      });
      open().start({ name, handle, attempts: 1 });
      for (const streamId of [sick, sound, sick, sound]) await append(1, streamId);
      await until('the sound ones are handled', () => seen.length === 2);
      const parked = createParkedEvents(log.connect('test-operator', 1));
      await until('both are parked', async () => (await parked.list(name)).length === 2);
      isWell = true;
      await parked.retry(name, head + 1);
      await until('they are handled in order', () => seen.length === 4, 10_000);
      expect(places(seen)).toEqual([2, 4, 1, 3]);
    });

    test('holds no more than its batch while a handler is slow, and loses nothing', async () => {
      const { seen, handle } = noting(() => new Promise((resolve) => setTimeout(resolve, 2)));
      open().start({ name, handle, batchSize: 10 });
      await Promise.all(Array.from({ length: 40 }, () => append(5)));
      await until('all are handled', () => seen.length >= 200, 20_000);
      expect(places(seen)).toEqual(upTo(200));
    });
  });
}

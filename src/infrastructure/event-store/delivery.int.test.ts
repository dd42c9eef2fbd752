import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import { createLossyDelivery, createRandom } from './lossy-delivery.suite.ts';
import type { OutgoingEvent } from './event-relay.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { noting, openHost, until } from './subscription-host.suite.ts';

describeWithDatabase('events that are carried to their readers', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  beforeAll(async () => {
    log = await openScratchLog();
    store = await log.openStore();
  });
  afterAll(() => log?.close());

  const startAt = (name: string, position: number) =>
    log.owner.run(`insert into store.subscription (name, position, fence) values ('${name}', ${position}, 1)
      on conflict (name) do update set position = ${position}, leased_until = '-infinity', owner = null`);

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'are handled once each and in order although the carrier loses, doubles and shuffles them (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const [name, head] = [`test.${newId()}`, await store.headPosition()];
      await startAt(name, head);
      await startAt('relay', head);
      const { delivery, publish } = createLossyDelivery(random);
      const host = openHost(log, store, delivery);
      const relay = host.startRelay(publish, [{ name }]);
      const { seen, handle } = noting();
      host.start({ name, handle, batchSize: 7 });
      let appended = 0;
      for (let round = 0; round < 60; round += 1) {
        const counts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => 1 + Math.floor(random() * 4));
        await Promise.all(counts.map((count) => store.append(one(newId(), 'none', count))));
        appended += counts.reduce((sum, count) => sum + count, 0);
        if (random() < 0.3) await sleep(random() * 20);
      }
      await until('all are handled', () => seen.length >= appended, 20_000);
      expect(seen).toEqual(Array.from({ length: appended }, (_, index) => head + index + 1));
      await relay.stop();
      await host.close();
    },
  );

  test('say after which event they come, for each reader by itself', async () => {
    const head = await store.headPosition();
    await startAt('relay', head);
    const host = openHost(log, store);
    const published: OutgoingEvent[] = [];
    const relay = host.startRelay(
      async (events) => void published.push(...events),
      [{ name: 'all' }, { name: 'others', eventTypes: ['TestOther'] }],
    );
    const types = ['TestHappened', 'TestOther', 'TestHappened', 'TestOther'];
    for (const type of types) {
      await store.append({ streams: [part(newId(), 'none', [event(type)])], context });
    }
    await until('all are published', () => published.length === 4);
    expect(published.map((each) => [each.event.position - head, each.after])).toEqual([
      [1, { all: head }],
      [2, { all: head + 1, others: head }],
      [3, { all: head + 2 }],
      [4, { all: head + 3, others: head + 2 }],
    ]);
    await relay.stop();
    await host.close();
  });

  test('are published by one relay, and by another when that one stops; none is left out', async () => {
    const head = await store.headPosition();
    await startAt('relay', head);
    const hosts = [openHost(log, store), openHost(log, store)];
    const published: number[][] = [[], []];
    const relays = hosts.map((host, index) =>
      host.startRelay(async (events) => void published[index]?.push(...events.map((each) => each.event.position)), []),
    );
    await until('one leads', () => relays.some((relay) => relay.leading()));
    const [leader, standby] = relays[0]?.leading() === true ? [0, 1] : [1, 0];
    await store.append(one(newId(), 'none', 5));
    await until('five are published', () => published[leader]?.length === 5);
    expect(published[standby]).toEqual([]);
    await relays[leader]?.stop();
    await store.append(one(newId(), 'none', 5));
    await until('the other goes on', () => published[standby]?.length === 5);
    expect([...(published[leader] ?? []), ...(published[standby] ?? [])]).toEqual(
      Array.from({ length: 10 }, (_, index) => head + index + 1),
    );
    await relays[standby]?.stop();
    for (const host of hosts) await host.close();
  });

  test('are published again from the first one that was not confirmed', async () => {
    const head = await store.headPosition();
    await startAt('relay', head);
    const host = openHost(log, store);
    const tries: number[][] = [];
    const relay = host.startRelay(async (events) => {
      tries.push(events.map((each) => each.event.position - head));
      if (tries.length === 2) throw new Error('the broker is gone');
    }, []);
    await store.append(one(newId(), 'none', 2));
    await until('two are published', () => tries.length === 1);
    await store.append(one(newId(), 'none', 2));
    await until('the others were tried twice', () => tries.length === 3);
    expect(tries).toEqual([
      [1, 2],
      [3, 4],
      [3, 4],
    ]);
    expect(host.errors).toHaveLength(1);
    expect(relay.position()).toBe(head + 4);
    await relay.stop();
    await host.close();
  });

  test('that are older than the first relay are left to the readers', async () => {
    await store.append(one(newId(), 'none', 3));
    await log.owner.run(`delete from store.subscription where name = 'relay'`);
    const host = openHost(log, store);
    const published: OutgoingEvent[] = [];
    const relay = host.startRelay(async (events) => void published.push(...events), []);
    await until('it leads', () => relay.leading());
    const head = await store.headPosition();
    await until('it is at the head', () => relay.position() === head);
    await store.append(one(newId(), 'none', 1));
    await until('the new one is published', () => published.length === 1);
    expect(published[0]?.event.position).toBe(head + 1);
    await relay.stop();
    await host.close();
  });
});

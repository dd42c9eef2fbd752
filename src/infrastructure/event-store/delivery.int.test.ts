import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import type { StoredEvent } from '../../kernel/event-store.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import type { Delivered } from './delivery.ts';
import { createRandom } from '../../../test/support/random.ts';
import { createLossyDelivery } from './lossy-delivery.suite.ts';
import { readerKey, type OutgoingEvent } from './event-relay.ts';
import { createParkedEvents } from './parked-events.ts';
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
    const [all, others] = [{ name: 'all' }, { name: 'others', eventTypes: ['TestOther'] }];
    const relay = host.startRelay(async (events) => void published.push(...events), [all, others]);
    const types = ['TestHappened', 'TestOther', 'TestHappened', 'TestOther'];
    for (const type of types) {
      await store.append({ streams: [part(newId(), 'none', [event(type)])], context });
    }
    await until('all are published', () => published.length === 4);
    expect(published.map((each) => [each.event.position - head, each.after])).toEqual([
      [1, { [readerKey(all)]: head }],
      [2, { [readerKey(all)]: head + 1, [readerKey(others)]: head }],
      [3, { [readerKey(all)]: head + 2 }],
      [4, { [readerKey(all)]: head + 3, [readerKey(others)]: head + 2 }],
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

  /** A reader whose carrier the test fills by hand. */
  async function startCarried(name: string, handle: (event: Recorded) => Promise<void>) {
    const reader = { name };
    const waiting: Delivered[] = [];
    const host = openHost(log, store, {
      open: () => ({
        connected: () => true,
        take: (limit) => waiting.splice(0, limit),
        close: async () => undefined,
      }),
    });
    await startAt(name, await store.headPosition());
    const subscription = host.start({ ...reader, handle, attempts: 1 });
    await until('it leads', () => subscription.leading());
    const carry = (carried: StoredEvent, afterPosition: number): void => {
      waiting.push({ event: carried, afterPosition, done: () => undefined });
      host.wakeups.wakeAll();
    };
    return { host, subscription, carry };
  }

  test('are believed only when the log has them: what a restored log has lost takes no event’s place', async () => {
    const [name, head] = [`test.${newId()}`, await store.headPosition()];
    const { seen, handle } = noting();
    const { host, subscription, carry } = await startCarried(name, handle);
    const [known] = await store.read(head - 1, 1);
    if (known === undefined) return expect.unreachable();
    for (const place of [1, 2, 3]) carry({ ...known, id: newId(), position: head + place }, head + place - 1);
    await sleep(200);
    expect(subscription.position()).toBe(head);
    await store.append(one(newId(), 'none', 3));
    await until('the real ones are handled', () => seen.length === 3);
    expect(seen).toEqual([head + 1, head + 2, head + 3]);
    await host.close();
  });

  test('that were parked are tried again when an operator asks, also while others keep coming', async () => {
    const [name, head, sick] = [`test.${newId()}`, await store.headPosition(), newId()];
    let isWell = false;
    const { seen, handle } = noting(({ meta }) => {
      if (meta.streamId === sick && !isWell) throw new Error('poison');
    });
    const { host, carry } = await startCarried(name, handle);
    let position = head;
    const appendAndCarry = async (streamId: string): Promise<void> => {
      await store.append(one(streamId, 'any', 1));
      const [stored] = await store.read(position, 1);
      if (stored !== undefined) carry(stored, position);
      position += 1;
    };
    await appendAndCarry(sick);
    const parked = createParkedEvents(log.connect('test-operator', 1));
    await until('it is parked', async () => (await parked.list(name)).length === 1);
    isWell = true;
    expect(await parked.retry(name, head + 1)).toBe(true);
    for (let round = 0; round < 60 && !seen.includes(head + 1); round += 1) {
      await appendAndCarry(newId());
      await sleep(50);
    }
    expect(seen).toContain(head + 1);
    await host.close();
  });
});

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCable } from '../../../test/support/cable.ts';
import { ownRabbitmq, type OwnServer } from '../../../test/support/own-server.ts';
import { describeWith, serviceUrl } from '../../../test/support/services.ts';
import { newId, one } from '../event-store/appends.suite.ts';
import { readerKey, type Relay } from '../event-store/event-relay.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from '../event-store/scratch-log.suite.ts';
import { noting, openHost, until, type TestHost } from '../event-store/subscription-host.suite.ts';
import { atServer, openTestBroker, removeTopology } from './broker.suite.ts';
import { openDeadLetters } from './dead-letters.ts';
import { encodeMessage } from './event-message.ts';
import { deadQueueOf, exchangeOf, queueOf } from './topology.ts';

describeWith('postgres', 'rabbitmq')('events over RabbitMQ', () => {
  const prefix = `test-${newId()}`;
  const names: string[] = [];
  let log: ScratchLog;
  let store: ScratchStore;
  let name = '';
  let head = 0;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    log = await openScratchLog();
    store = await log.openStore();
  });
  afterAll(async () => {
    await log?.close();
    await removeTopology(prefix, names);
  });
  beforeEach(async () => {
    name = `test.${newId()}`;
    names.push(name);
    head = await store.headPosition();
    await log.owner.run(`delete from store.subscription where name = 'relay'`);
    await log.owner.run(
      `insert into store.subscription (name, position, fence) values ('${name}', ${head}, 1), ('relay', ${head}, 1)`,
    );
  });
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  type Process = ReturnType<typeof openTestBroker> & { readonly host: TestHost; readonly relay: Relay };
  /** A process with a relay and a host for readers. */
  function open(url = serviceUrl('rabbitmq')): Process {
    const opened = openTestBroker(prefix, [name], { url });
    const host = openHost(log, store, opened.broker.delivery);
    const relay = host.startRelay((events) => opened.broker.publish(events), [{ name }]);
    ends.push(
      () => opened.broker.close(),
      () => relay.stop(),
      () => host.close(),
    );
    return { ...opened, host, relay };
  }
  const append = (count: number) => store.append(one(newId(), 'none', count));
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => head + index + 1);

  test('are read from the queue, not from the log, while all goes well', async () => {
    const { host, relay, broker } = open();
    let reads = 0;
    const counting = openHost(
      log,
      { headPosition: () => store.headPosition(), read: (...args) => ((reads += 1), store.read(...args)) },
      broker.delivery,
    );
    ends.push(() => counting.close());
    const { seen, handle } = noting();
    counting.start({ name, handle });
    await append(1);
    await until('the first is handled', () => seen.length === 1);
    await until('the relay leads', () => relay.leading());
    await sleep(200);
    const before = reads;
    for (let index = 0; index < 50; index += 1) await append(2);
    await until('all are handled', () => seen.length === 101);
    expect(seen).toEqual(upTo(101));
    // One look into the log a second, however much comes.
    expect(reads - before).toBeLessThan(10);
    expect(host.errors).toEqual([]);
  });

  test('that were forged are put aside, and a reader does not even see them', async () => {
    const { host, buried, relay } = open();
    const { seen, handle } = noting();
    host.start({ name, handle });
    await append(1);
    await until('the first is handled', () => seen.length === 1);
    // From then on the queue is there for whoever publishes.
    await until('the relay has published it', () => relay.position() > head);
    const [event] = await store.read(head, 1);
    if (event === undefined) return expect.unreachable();
    const forged = { ...event, position: event.position + 1 };
    await atServer(async (connection) => {
      const publisher = connection.createPublisher({ confirm: true });
      const after = { [readerKey({ name })]: event.position };
      const { body, ...envelope } = encodeMessage({ event: forged, after }, randomBytes(32));
      await publisher.send({ exchange: exchangeOf(prefix), ...envelope }, body);
      await publisher.send({ exchange: exchangeOf(prefix), routingKey: 'TestHappened' }, 'no event at all');
      await publisher.send({ exchange: exchangeOf(prefix), routingKey: 'TestHappened' }, { event: forged, after });
      await publisher.close();
    });
    await until('they are put aside', () => buried.length === 3);
    await append(1);
    await until('what follows is handled', () => seen.length === 2);
    expect(seen).toEqual(upTo(2));
  });

  test('that were put aside can be looked at, given to the reader again, and thrown away', async () => {
    const { host, buried, relay } = open();
    const { seen, handle } = noting();
    host.start({ name, handle });
    await append(1);
    await until('the first is handled', () => seen.length === 1);
    // From then on the queue is there for whoever publishes.
    await until('the relay has published it', () => relay.position() > head);
    await atServer(async (connection) => {
      const publisher = connection.createPublisher({ confirm: true });
      for (const text of ['one', 'two']) await publisher.send({ routingKey: queueOf(prefix, name) }, text);
      await publisher.close();
    });
    await until('they are put aside', () => buried.length === 2);
    const letters = await openDeadLetters(serviceUrl('rabbitmq'), prefix);
    ends.push(() => letters.close());
    await until('they have arrived', async () => (await letters.count(name)) === 2);
    expect(await letters.list(name, 1)).toMatchObject([{ excerpt: 'one', bytes: 3 }]);
    expect((await letters.list(name, 10)).map(({ excerpt }) => excerpt)).toEqual(['one', 'two']);
    expect(await letters.replay(name)).toBe(2);
    await until('they are put aside again', () => buried.length === 4);
    await until('they have arrived again', async () => (await letters.count(name)) === 2);
    expect(await letters.discard(name)).toBe(2);
    expect(await letters.count(name)).toBe(0);
  });

  test('go on beside a message that cannot be put aside, which is not tried again and again at once', async () => {
    // Somebody has declared the queue for such messages otherwise than we do.
    const queue = deadQueueOf(prefix, name);
    await atServer(async (connection) => void (await connection.queueDeclare({ queue, durable: true })));
    const { broker, errors } = openTestBroker(prefix, [name]);
    const inbox = broker.delivery.open({ name }, () => undefined);
    await until('it reads', () => inbox.connected());
    await atServer(async (connection) => {
      const publisher = connection.createPublisher({ confirm: true });
      await publisher.send({ routingKey: queueOf(prefix, name) }, 'none of ours');
      await publisher.close();
    });
    await until('it failed', () => errors.length > 0);
    await sleep(500);
    expect(errors).toHaveLength(1);
    expect(inbox.connected()).toBe(true);
    await inbox.close();
    await broker.close();
  });

  test('make one complaint when they are lost with the connection, however many wait', async () => {
    const cable = await openCable(serviceUrl('rabbitmq'));
    const { broker, errors } = openTestBroker(prefix, [name], { url: cable.url });
    let arrivals = 0;
    const inbox = broker.delivery.open({ name }, () => (arrivals += 1));
    await until('it reads', () => inbox.connected());
    await append(1);
    const [event] = await store.read(head, 1);
    if (event === undefined) return expect.unreachable();
    await broker.publish(Array.from({ length: 100 }, () => ({ event, after: { [readerKey({ name })]: head } })));
    await until('they wait', () => arrivals > 100);
    cable.hangUp();
    await until('it is told', () => !inbox.connected());
    await until('it reads again', () => inbox.connected(), 5000);
    expect(errors.length).toBeLessThan(4);
    await inbox.close();
    await broker.close();
  });

  test('are left in good time when the broker stands still', async () => {
    const cable = await openCable(serviceUrl('rabbitmq'));
    const { broker, errors } = openTestBroker(prefix, [name], { url: cable.url });
    const inbox = broker.delivery.open({ name }, () => undefined);
    await until('it reads', () => inbox.connected());
    const letters = await openDeadLetters(cable.url, prefix);
    cable.cut();
    const beganAtMs = performance.now();
    await Promise.all([inbox.close().then(() => broker.close()), letters.close()]);
    expect(performance.now() - beganAtMs).toBeLessThan(15_000);
    expect(errors.map(String)).toEqual([
      'Error: leaving a queue took longer than 5000 ms',
      'Error: leaving the broker took longer than 5000 ms',
    ]);
  }, 30_000);

  test('that the broker has lost are read from the log', async () => {
    const { host, relay } = open();
    const { seen, handle } = noting();
    host.start({ name, handle });
    await append(2);
    await until('two are handled', () => seen.length === 2);
    await atServer((connection) => connection.queueDelete({ queue: queueOf(prefix, name) }));
    await append(3);
    await until('the relay has passed them', () => relay.position() === head + 5);
    await until('they are handled', () => seen.length === 5);
    await append(1);
    await until('what follows is handled', () => seen.length === 6, 10_000);
    expect(seen).toEqual(upTo(6));
  });

  test('are waited for no longer than a second when nobody relays them', async () => {
    const { host, relay } = open();
    const { seen, handle } = noting();
    host.start({ name, handle });
    await append(1);
    await until('the first is handled', () => seen.length === 1);
    await relay.stop();
    await append(1);
    await until('it is handled', () => seen.length === 2, 2000);
    expect(seen).toEqual(upTo(2));
  });

  test('go on while the broker is stopped and killed, and over it again when it is back', async () => {
    const server: OwnServer = await ownRabbitmq();
    ends.push(() => server.dispose());
    await server.start();
    const { host, broker, errors } = open(server.url);
    const { seen, handle } = noting();
    host.start({ name, handle });
    await append(5);
    await until('five are handled', () => seen.length === 5, 10_000);
    await until('the broker is reached', () => broker.ready(), 10_000);
    for (const end of [() => server.stop(), () => server.kill()]) {
      const before = seen.length;
      await end();
      await until('the loss is seen', () => !broker.ready());
      await append(5);
      await until('they are handled without it', () => seen.length === before + 5, 5000);
      await server.start();
      await until('it is reached again', () => broker.ready(), 20_000);
      await append(5);
      await until('they are handled', () => seen.length === before + 10, 5000);
    }
    expect(seen).toEqual(upTo(25));
    expect(errors.length).toBeGreaterThan(0);
  }, 120_000);

  test('are given by a broker that takes none, and taken again when it has room', async () => {
    const server = await ownRabbitmq();
    ends.push(() => server.dispose());
    await server.start();
    const { host, broker, relay } = open(server.url);
    const { seen, handle } = noting();
    host.start({ name, handle });
    await append(1);
    await until('the first is handled', () => seen.length === 1, 10_000);
    await until('the broker is reached', () => broker.ready(), 10_000);
    server.control('set_vm_memory_high_watermark', '0.00000001');
    await append(1);
    await until('the broker says so', () => !broker.ready(), 20_000);
    await append(3);
    await until('all are handled without it', () => seen.length === 5, 10_000);
    server.control('set_vm_memory_high_watermark', '0.4');
    await until('it takes messages again', () => broker.ready(), 20_000);
    await until('the relay has caught up', () => relay.position() === head + 5, 20_000);
    const before = host.gaps.length;
    for (let index = 0; index < 20; index += 1) await append(1);
    await until('the rest is handled', () => seen.length === 25, 10_000);
    expect(seen).toEqual(upTo(25));
    expect(host.gaps.length).toBe(before);
  }, 120_000);
});

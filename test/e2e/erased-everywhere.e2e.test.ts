import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Connection } from 'rabbitmq-client';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createSubjectKeyTable } from '../../src/infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../src/infrastructure/event-store/vault.ts';
import { connectDatabase, type Database } from '../../src/infrastructure/postgres/database.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import { deadQueueOf, exchangeOf, queueOf } from '../../src/infrastructure/rabbitmq/topology.ts';
import { loadSecrets } from '../../src/main/secrets.ts';
import { demoLogins } from '../../tools/demo/demo-logins.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/nodes.ts';
import {
  configOf,
  createCleanUp,
  localSettings,
  startProgram,
  temporaryDataDir,
  type Settings,
} from '../support/product.ts';
import { describeWith, serviceUrl } from '../support/services.ts';
import { cli } from './cli.ts';
import { dumpOf, filesOf } from './dumps.ts';

const PASSWORD = 'a horse of Naryn';
const GUEST = { phone: '+996700998877', password: PASSWORD, name: 'Жибек Асылова', email: 'jibek@example.com' };
const CHILD = 'Темирлан';
const BORN = '2019-07-19';
const PERSONAL = ['Жибек', 'jibek@example.com', '700998877', CHILD, BORN, PASSWORD];
const PARKS = ['ala-archa', 'asanbay'];
const DAY_MS = 86_400_000;

const CARDS = statement(
  'test.cards',
  'select count(sealed)::int as count from admission.gate_cards where ticket_id = any($1::uuid[])',
);
const SEALED = statement(
  'test.sealed-cards',
  'select sealed from admission.gate_cards where ticket_id = any($1::uuid[])',
);
const READERS = statement('test.readers', 'select name from store.subscription');

type Node = {
  readonly name: string;
  readonly settings: Settings;
  readonly database: Database;
  readonly lines: string[];
};

/** Every value that Redis holds, as text. */
async function cachedTexts(url: string): Promise<string> {
  const redis = new Redis(url);
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const kind = await redis.type(key);
    texts.push(key, kind === 'string' ? String(await redis.get(key)) : JSON.stringify(await redis.dump(key)));
  }
  await redis.quit();
  return texts.join('\n');
}

/** What waits in the queues of a node; takes it, and them, away. */
async function queuedTexts(url: string, prefix: string, readers: readonly string[]): Promise<string> {
  const connection = new Connection(url);
  const texts: string[] = [];
  for (const queue of readers.flatMap((reader) => [queueOf(prefix, reader), deadQueueOf(prefix, reader)])) {
    for (;;) {
      const message = await connection.basicGet({ queue, noAck: true }).catch(() => undefined);
      if (message === undefined) break;
      texts.push(Buffer.isBuffer(message.body) ? message.body.toString() : JSON.stringify(message.body));
    }
    await connection.queueDelete({ queue }).catch(() => undefined);
  }
  await connection.exchangeDelete({ exchange: exchangeOf(prefix) }).catch(() => undefined);
  await connection.close();
  return texts.join('\n');
}

describeWith(
  'postgres',
  'redis',
  'rabbitmq',
)('a guest who is erased by request', () => {
  const { later, run } = createCleanUp();
  const hqId = `hq-${randomUUID().slice(0, 8)}`;

  async function node(name: string, more: Settings): Promise<Node> {
    const template = await createTestDatabase();
    later(() => template.drop());
    const settings = await localSettings(await temporaryDataDir(later), {
      DATABASE_URL: template.url,
      LOG_LEVEL: 'debug',
      ...more,
    });
    const database = connectDatabase({
      url: template.url,
      poolSize: 2,
      applicationName: 'test',
      onError: () => undefined,
    });
    later(() => database.close());
    return { name, settings, database, lines: [] };
  }
  async function start(program: 'start' | 'park-node', { settings, lines }: Node): Promise<string> {
    const { child, url } = await startProgram(program, settings, later);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => void lines.push(text));
    return url;
  }

  test('is nowhere on three nodes any more: no table, file, log, queue or cache', async () => {
    const services = { REDIS_URL: serviceUrl('redis'), RABBITMQ_URL: serviceUrl('rabbitmq') };
    const hq = await node('headquarters', { SKYPARK_NODE_ID: hqId, ...services });
    const url = await start('start', hq);
    const parks: Node[] = [];
    for (const parkId of PARKS) {
      const nodeId = `park-${parkId}`;
      const park = await node(nodeId, {
        SKYPARK_ROLE: 'park',
        SKYPARK_NODE_ID: nodeId,
        SKYPARK_PARK_ID: parkId,
        SKYPARK_HQ_URL: url,
      });
      const { text } = await cli(hq.settings, 'nodes', 'invite', nodeId, parkId);
      const code = /[A-Za-z0-9_-]{20,}/.exec(text.replaceAll(nodeId, ''))?.[0] ?? '';
      expect(await cli(park.settings, 'enrol', '--code', code)).toMatchObject({ code: 0 });
      await start('park-node', park);
      parks.push(park);
    }
    const nodes = [hq, ...parks];

    const ask = async (method: string, path: string, body?: unknown, token?: string, type = 'application/json') => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          'idempotency-key': randomUUID(),
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    };
    const { admin } = await demoLogins(hq.settings['SKYPARK_DATA_DIR'] ?? '');
    const asAdmin = String((await ask('POST', '/auth/login', admin)).body['access_token']);
    const registered = await ask('POST', '/auth/register', GUEST);
    const token = String(registered.body['access_token']);
    const userId = (registered.body['user'] as { readonly id: string }).id;
    await ask('POST', '/auth/otp', { phone: GUEST.phone, purpose: 'verify' }, token);
    await ask('POST', '/auth/otp/verify', { phone: GUEST.phone, purpose: 'verify', code: '000000' }, token);
    const child = await ask('POST', '/users/me/children', { name: CHILD, birth_date: BORN }, token);
    const picture = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#369' } })
      .jpeg()
      .toBuffer();
    const photo = `/users/me/children/${String(child.body['id'])}/photo`;
    expect((await ask('PUT', photo, picture, token, 'image/jpeg')).status).toBe(204);
    const dayOf = (days: number): string =>
      new Date(Date.now() + 6 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10);
    const pass = await ask(
      'POST',
      '/passes',
      {
        user_id: userId,
        park_ids: PARKS,
        valid_from: dayOf(0),
        valid_to: dayOf(30),
        visits: 5,
        people: 3,
        price: '9.00',
        payment_reference: 'r',
      },
      asAdmin,
    );
    const ticketIds: string[] = [];
    for (const [index, parkId] of PARKS.entries()) {
      const visit = {
        park_id: parkId,
        visit_date: dayOf(1 + index),
        children: [{ child_id: child.body['id'] }],
        pass_id: pass.body['id'],
      };
      const booked = await ask('POST', '/tickets', visit, token);
      expect(booked).toMatchObject({ status: 201, body: { status: 'active' } });
      ticketIds.push(String(booked.body['id']));
    }
    const cardsAt = async ({ database }: Node) =>
      (await database.rows<{ count: number }>(CARDS, [ticketIds]))[0]?.count;
    for (const park of parks)
      await eventually(
        () => cardsAt(park),
        (count) => count === 1,
        60_000,
      );

    /** What a node reads with its own keys of what was sealed; null where the key is gone. */
    async function openedAt(
      { settings, database }: Node,
      sealed: readonly string[],
    ): Promise<readonly (string | null)[]> {
      const { masterKey } = await loadSecrets(configOf(settings));
      const vault = createVault({ keys: createSubjectKeyTable(database), masterKey });
      return Promise.all(sealed.map((text) => vault.open(text)));
    }
    const ofGuest = new RegExp(`p1\\.${userId}\\.[A-Za-z0-9_-]+`, 'g');
    const sealedOf = async ({ database }: Node): Promise<readonly string[]> => {
      const cards = await database.rows<{ sealed: string | null }>(SEALED, [ticketIds]);
      const inTables = (await dumpOf(database)).match(ofGuest) ?? [];
      return [...new Set([...inTables, ...cards.flatMap(({ sealed }) => sealed ?? [])])];
    };
    const sealedBefore = new Map<Node, readonly string[]>();
    for (const one of nodes) {
      const sealed = await sealedOf(one);
      sealedBefore.set(one, sealed);
      expect([one.name, (await openedAt(one, sealed)).join(' ')]).toEqual([one.name, expect.stringContaining(CHILD)]);
    }

    for (const id of ticketIds)
      expect((await ask('POST', `/tickets/${id}/cancel`, { reason: 'ill' }, token)).status).toBe(200);
    const erased = await eventually(
      () => cli(hq.settings, 'users', 'erase', userId),
      ({ code }) => code === 0,
      60_000,
    );
    expect(erased.text).toBe(`${userId} is erased.`);

    for (const park of parks)
      await eventually(
        () => cardsAt(park),
        (count) => count === 0,
        60_000,
      );
    // What a process had in its memory is gone with the sessions of the account.
    await eventually(
      async () => (await ask('GET', '/users/me', undefined, token)).status,
      (status) => status === 401,
    );
    for (const one of nodes) {
      const texts = [
        await dumpOf(one.database),
        one.lines.join('').replaceAll(/.*demo mode: .*/g, ''),
        ...(await filesOf(one.settings['SKYPARK_DATA_DIR'] ?? '')).map((bytes) => bytes.toString('latin1')),
      ].join('\n');
      for (const personal of PERSONAL) {
        const found = texts.includes(personal) || texts.includes(Buffer.from(personal).toString('latin1'));
        expect([one.name, personal, found]).toEqual([one.name, personal, false]);
      }
      const opened = await openedAt(one, [...(sealedBefore.get(one) ?? []), ...(await sealedOf(one))]);
      expect([one.name, opened.filter((text) => text !== null)]).toEqual([one.name, []]);
      expect(one.lines.join('').length).toBeGreaterThan(100);
    }
    const readers = (await hq.database.rows<{ name: string }>(READERS, [])).map(({ name }) => name);
    await run();
    const prefix = `skypark.${hqId}`;
    const elsewhere = `${await cachedTexts(services.REDIS_URL)}\n${await queuedTexts(services.RABBITMQ_URL, prefix, readers)}`;
    for (const personal of PERSONAL) expect(elsewhere.includes(personal)).toBe(false);
  }, 300_000);
});

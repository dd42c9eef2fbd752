import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { doctorCommand } from '../../src/main/cli/doctor.ts';
import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import { createOffice } from '../../src/main/cli/office.ts';
import { withClient } from '../support/database-admin.ts';
import { openServer } from '../../src/main/database-of.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { ownRabbitmq, ownRedis, type OwnServer } from '../support/own-server.ts';
import { hasSwift, ownSwift } from '../support/own-swift.ts';
import {
  configOf,
  createCleanUp,
  localSettings,
  startProgram,
  startTestApi,
  temporaryDataDir,
  type Settings,
} from '../support/product.ts';
import { describeWith } from '../support/services.ts';

type Diagnosis = {
  readonly code: number;
  readonly text: string;
  readonly bad: readonly string[];
  readonly poor: readonly string[];
};

const log = createLogger({ level: 'silent' });

/** What the doctor says; the parts that are bad, and those that are poor. */
async function examined(settings: Settings): Promise<Diagnosis> {
  const config = configOf(settings);
  const lines: string[] = [];
  const office = createOffice(config, log, (line) => void lines.push(line));
  const code = await doctorCommand.run({ operands: [], options: {} }, office);
  const partsOf = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(6, 20).trim());
  // A database of tests need not survive a power cut.
  const poor = partsOf('WARN').filter((part) => part !== 'database');
  return { code, text: lines.join('\n'), bad: partsOf('BAD'), poor };
}

describeWithDatabase('the doctor', { timeout: 120_000 }, () => {
  const { later, run } = createCleanUp();
  let settings: Settings;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    settings = await localSettings(await temporaryDataDir(later), { DATABASE_URL: database.url });
    // The first start makes the keys and the head of the log.
    const api = await startTestApi(settings, systemClock, later);
    await api.stop();
  });
  afterAll(run);

  test('finds nothing wrong with a fresh installation', async () => {
    const { code, text, bad, poor } = await examined(settings);
    expect([bad, poor, code], text).toEqual([[], [], 0]);
    for (const part of ['data directory', 'key files', 'disk', 'file store', 'database', 'schema', 'log', 'clock']) {
      expect(text).toContain(part);
    }
  });

  test('names a database that is not reached, and says what to do', async () => {
    const { code, text, bad } = await examined({ ...settings, DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x' });
    expect([bad, code]).toEqual([['database'], 1]);
    expect(text).toContain('mend: start it, or correct DATABASE_URL');
    expect(text).not.toContain('hunter2');
  });

  test('names a database of another node, and one without the schema', async () => {
    expect((await examined({ ...settings, SKYPARK_NODE_ID: 'park-1' })).bad).toEqual(['log']);
    const empty = await createTestDatabase({ from: 'empty' });
    later(() => empty.drop());
    expect((await examined({ ...settings, DATABASE_URL: empty.url })).bad).toEqual(['schema']);
  });

  test('leaves the embedded database to the product that runs on it', async () => {
    const { DATABASE_URL: _none, ...embedded } = settings;
    const own = { ...embedded, SKYPARK_DATA_DIR: await temporaryDataDir(later) };
    const server = await openServer(configOf(own), log);
    const { code, text } = await examined(own);
    await server.stop();
    expect(text).toContain('the running product has it');
    expect(code).toBe(0);
  });

  test('is all green beside a fresh product that runs', async () => {
    const own = await localSettings(await temporaryDataDir(later));
    await startProgram('start', own, later);
    const { code, text } = await examined(own);
    expect(text.split('\n').filter((line) => /^(WARN|BAD)/.test(line))).toEqual([]);
    expect(text).toContain('says that it is well');
    expect(code).toBe(0);
  });

  test('names key files and a data directory that others can get at', async () => {
    const dataDir = await temporaryDataDir(later);
    const key = join(dataDir, 'keys', 'admission.pem');
    await mkdir(join(dataDir, 'keys'));
    await writeFile(key, 'x', { mode: 0o644 });
    await chmod(dataDir, 0o777);
    const { bad, text } = await examined({ ...settings, SKYPARK_DATA_DIR: dataDir });
    expect(bad).toEqual(['data directory', 'key files']);
    expect(text).toContain(`mend: chmod 600 ${key}`);
    expect((await examined({ ...settings, MASTER_KEY_FILE: join(dataDir, 'nothing') })).bad).toEqual(['key files']);
  });

  test('names a file store that does not keep, and a provider that does not answer', async () => {
    const s3 = { S3_BUCKET: 'pictures', S3_ACCESS_KEY: 'us', S3_SECRET_KEY: 'secret' };
    const away = { S3_ENDPOINT: 'http://127.0.0.1:1', ELQR_BASE_URL: 'http://127.0.0.1:1' };
    const { code, bad, poor } = await examined({ ...settings, ...s3, ...away });
    expect([bad, poor, code]).toEqual([['file store'], ['provider ELQR'], 1]);
  });

  test('tells what waits for a person', async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const of = { ...settings, DATABASE_URL: database.url };
    const api = await startTestApi({ ...of, PORT: '0' }, systemClock, later);
    await api.stop();
    await withClient(database.url, async (client) => {
      // As if there were such an event.
      await client.query('set session_replication_role = replica');
      await client.query(
        `insert into store.parked_event (subscription, position, aggregate_id, error, attempts)
         values ('flow.purchase', 1, gen_random_uuid(), 'broken', 3)`,
      );
      // And a hold that nobody ends.
      await client.query(
        `insert into booking.tickets (id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data,
           adults, places, remaining, created_at, expires_at, valid_from, valid_until)
         values (gen_random_uuid(), 'park', 'single', now(), 'code', 'pending_payment', 1, '{}', '[]', 0, 1, 1, now(), now() - interval '1 hour', now(),
           now())`,
      );
    });
    const { code, poor, text } = await examined(of);
    expect([poor, code]).toEqual([['parked events', 'holds'], 0]);
    expect(text).toContain('1 of flow.purchase');
    expect(text).toContain('1 are overdue');
  });

  describe.skipIf(!hasSwift())('with a bucket', () => {
    test('a file goes there and comes back', async () => {
      const { access, start, dispose } = await ownSwift();
      later(dispose);
      await start();
      const { endpoint, bucket, accessKey, secretKey } = access;
      const s3 = { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey };
      const { bad, text } = await examined({ ...settings, ...s3 });
      expect(bad).toEqual([]);
      expect(text).toContain('bucket pictures');
    });
  });

  describeWith('redis', 'rabbitmq')('with Redis and RabbitMQ', () => {
    let redis: OwnServer;
    let rabbitmq: OwnServer;
    beforeAll(async () => {
      [redis, rabbitmq] = await Promise.all([ownRedis(), ownRabbitmq()]);
      later(() => Promise.all([redis.dispose(), rabbitmq.dispose()]));
      await Promise.all([redis.start(), rabbitmq.start()]);
    }, 120_000);

    test('names whichever is stopped, and ends well all the same: nothing needs them', async () => {
      const both = { ...settings, REDIS_URL: redis.url, RABBITMQ_URL: rabbitmq.url };
      await expect.poll(async () => (await examined(both)).poor, { timeout: 60_000 }).toEqual([]);
      await redis.stop();
      expect(await examined(both)).toMatchObject({ poor: ['redis'], bad: [], code: 0 });
      await rabbitmq.stop();
      expect(await examined(both)).toMatchObject({ poor: ['redis', 'rabbitmq'], bad: [], code: 0 });
    });
  });
});

import { randomInt, randomUUID } from 'node:crypto';
import { Connection } from 'rabbitmq-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { deadQueue } from '../../src/infrastructure/rabbitmq/topology.ts';
import { withClient } from '../support/database-admin.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import {
  createCleanUp,
  localSettings,
  runProgram,
  startTestApi,
  temporaryDataDir,
  type Settings,
  type TestApi,
} from '../support/product.ts';
import { describeWith, serviceUrl } from '../support/services.ts';
import { cli } from './cli.ts';
import { openSmallPark } from './guests.ts';

const NOBODY = '01890000-0000-7000-8000-000000000000';
const PASSWORD = 'a horse of Naryn';
const META = { actor: 'system', correlationId: 'test' };
describeWithDatabase('at the command line', { timeout: 120_000 }, () => {
  const { later, run } = createCleanUp();
  let settings: Settings;
  let api: TestApi;
  let userId: string;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    settings = await localSettings(await temporaryDataDir(later), {
      DATABASE_URL: database.url,
      SKYPARK_NODE_ID: `test-${randomUUID()}`,
    });
    api = await startTestApi(settings, systemClock, later);
    await openSmallPark(api.app, 'naryn', 50);
    const account = { phone: '+996700998877', password: PASSWORD, name: 'Жибек' };
    userId = ((await ask('POST', '/auth/register', account))['user'] as { readonly id: string }).id;
  });
  afterAll(run);

  async function ask(method: string, path: string, body: object, token?: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${api.url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  }

  const roles = () => api.app.modules.auth.accountRecords.roles.of(userId);

  test('what the node holds in common with others is told as hashes', async () => {
    const { code, text } = await cli(settings, 'scopes', '--tables');
    expect(code).toBe(0);
    expect(text).toMatch(/^\(chain\) {2}1 rows {2}[0-9a-f]{64}\n {2}park\.parks {2}1 rows {2}[0-9a-f]{64}/);
    expect((await cli(settings, 'scopes')).text.split('\n')[0]).toBe(text.split('\n')[0]);
  });

  test('an account is found by its number however it is written', async () => {
    const found = await cli(settings, 'users', 'find', '0700 998 877');
    expect(found).toMatchObject({ code: 0, text: expect.stringContaining(`account   ${userId}`) });
    expect(found.text).toContain('not verified');
    expect(await cli(settings, 'users', 'find', '0700 998 870')).toEqual({ code: 1, text: 'Nobody has that number.' });
    expect(await cli(settings, 'users', 'find', 'nonsense')).toEqual({ code: 1, text: 'That is no mobile number.' });
    expect((await cli(settings, 'users', 'show', NOBODY)).code).toBe(1);
  });

  test('roles go to accounts whose number was verified, and the last admin stays', async () => {
    expect((await cli(settings, 'users', 'grant', userId, 'gate')).text).toContain('Nobody verified the number');
    await api.app.modules.auth.vouchForPhone(userId, META);
    expect((await cli(settings, 'users', 'grant', userId, 'king')).text).toContain('"king" is no role');
    expect((await cli(settings, 'users', 'grant', userId, 'gate', 'osh')).text).toContain('There is no park "osh"');
    expect((await cli(settings, 'users', 'grant', userId, 'admin', 'naryn')).text).toContain('leave the park out');
    const granted = await cli(settings, 'users', 'grant', userId, 'gate', 'naryn');
    expect(granted).toMatchObject({ code: 0, text: expect.stringContaining('gate at naryn') });
    expect((await cli(settings, 'users', 'grant', userId, 'admin')).code).toBe(0);
    expect(await cli(settings, 'users', 'revoke', userId, 'admin')).toMatchObject({ code: 1 });
    expect((await cli(settings, 'users', 'revoke', userId, 'gate', 'naryn')).code).toBe(0);
    expect(await roles()).toMatchObject([{ role: 'admin', parkId: null }]);
    const trail = await withClient(settings['DATABASE_URL'] ?? '', (client) =>
      client.query("select action from office.audit where actor = 'system' order by position"),
    );
    expect(trail.rows.map(({ action }) => action)).toEqual(['RoleGranted', 'RoleGranted', 'RoleRevoked']);
  });

  test('parks are listed and shown', async () => {
    expect(await cli(settings, 'parks', 'list')).toMatchObject({ code: 0, text: expect.stringContaining('naryn') });
    expect((await cli(settings, 'parks', 'show', 'naryn')).text).toContain('"capacity": 50');
    expect(await cli(settings, 'parks', 'show', 'osh')).toEqual({ code: 1, text: 'There is no park "osh".' });
  });

  test('the events of an account are shown, and nothing personal is in them', async () => {
    const { code, text } = await cli(settings, 'events', 'show', userId);
    expect([code, text]).toEqual([0, expect.stringContaining('UserRegistered')]);
    for (const personal of ['Жибек', '998877']) expect(text).not.toContain(personal);
    expect((await cli(settings, 'events', 'show', NOBODY)).code).toBe(1);
  });

  test('new events are followed as they come', async () => {
    const program = runProgram('src/main/cli.ts', ['events', 'follow'], settings, later);
    let text = '';
    program.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    // Whenever it has begun, one of these comes after that.
    await expect
      .poll(
        async () => {
          await ask('POST', '/auth/register', {
            phone: `+9965551${randomInt(10_000, 99_999)}`,
            password: PASSWORD,
            name: 'A',
          });
          return text;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toContain('UserRegistered');
  });

  test('read models tell whether they are up to date, and the outbox how far it is', async () => {
    expect((await cli(settings, 'projections', 'status')).code).toBe(0);
    await withClient(settings['DATABASE_URL'] ?? '', (client) =>
      client.query(`update store.projection set made_by = 'another' where name = 'park.parks'`),
    );
    const old = await cli(settings, 'projections', 'status');
    expect(old).toMatchObject({ code: 1, text: expect.stringMatching(/^OLD +park\.parks/m) });
    expect((await cli(settings, 'outbox', 'status')).text).toContain('No relay ever ran');
    expect(await cli(settings, 'dead-letters', 'list')).toMatchObject({ code: 1 });
  });

  test('a device that was lost is revoked', async () => {
    expect((await cli(settings, 'devices', 'list')).text).toBe('There is no device.');
    const id = randomUUID();
    expect(await cli(settings, 'devices', 'revoke', id)).toEqual({ code: 1, text: 'There is no such device.' });
    const admin = await ask('POST', '/auth/login', { phone: '+996700998877', password: PASSWORD });
    const invited = await ask('POST', '/admin/devices', { park_id: 'naryn' }, String(admin['access_token']));
    const deviceId = String(invited['id']);
    expect((await cli(settings, 'devices', 'list', 'naryn')).text).toContain(`${deviceId}  naryn  invited`);
    expect(await cli(settings, 'devices', 'revoke', deviceId)).toEqual({ code: 0, text: `${deviceId} is revoked.` });
    expect((await cli(settings, 'devices', 'list')).text).toContain(`${deviceId}  naryn  revoked`);
  });

  test('the sessions of an account are ended', async () => {
    const signedIn = await ask('POST', '/auth/login', { phone: '+996700998877', password: PASSWORD });
    expect((await cli(settings, 'users', 'sign-out', NOBODY)).code).toBe(1);
    expect((await cli(settings, 'users', 'sign-out', userId)).text).toContain('signed out everywhere');
    const refreshed = await ask('POST', '/auth/refresh', { refresh_token: signedIn['refresh_token'] });
    expect(refreshed['code']).toBe('unauthorized');
    // The log says so, as of all that is done here, and nothing of who is not there.
    const trail = `select actor, event_data ->> 'userId' as "userId" from store.event where event_type = 'SessionsEnded'`;
    const { rows } = await withClient(settings['DATABASE_URL'] ?? '', (client) => client.query(trail));
    expect(rows).toEqual([{ actor: 'system', userId }]);
  });

  test('a guest is erased who asked for it, and nobody who has duties', async () => {
    expect((await cli(settings, 'users', 'erase', userId)).text).toContain('has duties');
    const account = { phone: '+996555443322', password: PASSWORD, name: 'Нурлан' };
    const { id } = (await ask('POST', '/auth/register', account))['user'] as { readonly id: string };
    expect(await cli(settings, 'users', 'erase', id)).toEqual({ code: 0, text: `${id} is erased.` });
    expect((await cli(settings, 'users', 'erase', id)).text).toBe('There is no such account.');
    expect((await ask('POST', '/auth/login', account))['code']).toBe('validation_failed');
    const { phone, password } = account;
    expect((await ask('POST', '/auth/login', { phone, password }))['code']).toBe('invalid_credentials');
  });

  describeWith('rabbitmq')('messages that were put aside', () => {
    test('are counted, shown, given back and thrown away', async () => {
      const RABBITMQ_URL = serviceUrl('rabbitmq');
      const prefix = `skypark.${settings['SKYPARK_NODE_ID']}`;
      const reader = 'flow.purchase';
      await withClient(settings['DATABASE_URL'] ?? '', (client) =>
        client.query('insert into store.subscription (name) values ($1)', [reader]),
      );
      const connection = new Connection(RABBITMQ_URL);
      const { queue } = deadQueue(prefix, reader);
      later(async () => {
        await connection.queueDelete({ queue });
        await connection.queueDelete({ queue: `${prefix}.${reader}` });
        await connection.close();
      });
      await connection.queueDeclare(deadQueue(prefix, reader));
      await connection.queueDeclare({
        queue: `${prefix}.${reader}`,
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      });
      const publisher = connection.createPublisher({ confirm: true });
      for (const body of ['a stranger', 'another']) await publisher.send({ routingKey: queue }, `${body}\u001B[31m`);
      await publisher.close();
      const desk = { ...settings, RABBITMQ_URL };

      await expect.poll(async () => (await cli(desk, 'dead-letters', 'list')).text).toContain('2 put aside');
      const shown = await cli(desk, 'dead-letters', 'show', reader);
      expect(shown.text).toContain('a stranger\\u001b');
      expect((await cli(desk, 'dead-letters', 'show', 'nobody')).text).toContain(`there are: ${reader}`);
      expect((await cli(desk, 'dead-letters', 'replay', reader)).text).toBe(`${reader}: 2 given to the reader again`);
      expect((await connection.queueDeclare({ queue: `${prefix}.${reader}`, passive: true })).messageCount).toBe(2);
      await connection.queueDeclare(deadQueue(prefix, reader));
      const again = connection.createPublisher({ confirm: true });
      await again.send({ routingKey: queue }, 'a third');
      await again.close();
      await expect
        .poll(async () => (await cli(desk, 'dead-letters', 'discard', reader)).text)
        .toBe(`${reader}: 1 thrown away`);
      expect((await cli(desk, 'dead-letters', 'list')).text).toBe('No message was put aside.');
    });
  });
});

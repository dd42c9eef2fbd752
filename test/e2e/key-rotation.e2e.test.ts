import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { freePort } from '../../tools/demo/own-product.ts';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';
import { cli } from './cli.ts';
import { call, makeWorld, OWN, type World } from './contract-world.ts';

const clock = createManualClock(Date.parse('2026-12-01T06:00:00Z'));

describeWithDatabase('a change of keys', () => {
  const { later, run } = createCleanUp();

  test('a key that signs codes is rotated and retired: codes of before let people in until it is retired', async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const dataDir = await temporaryDataDir(later);
    const settings = await localSettings(dataDir, { DATABASE_URL: database.url });
    let world: World | null = null;

    /** Starts the API anew, as after a change of its keys. */
    async function started<Answer>(work: (world: World) => Promise<Answer>): Promise<Answer> {
      const api = await startTestApi(settings, clock, later);
      world ??= await makeWorld(api);
      const answer = await work(world);
      await api.stop();
      return answer;
    }
    const tokenOf = ({ callers }: World): string | null => callers.find(({ name }) => name === 'admin')?.token ?? null;
    const post = (at: World, path: string, body: object) =>
      call(at.url, 'POST', `/api/v1${path}`, {
        token: tokenOf(at),
        body,
        headers: { 'idempotency-key': randomUUID() },
      });
    async function sell(at: World): Promise<string> {
      const sale = {
        park_id: OWN,
        children: [{ age: 5 }],
        adults: 0,
        method: 'elcard_terminal',
        terminal_reference: '1',
      };
      return String((await post(at, '/gate/sales', sale)).json?.['admission_code']);
    }
    async function scan(at: World, code: string): Promise<unknown> {
      const one = { scan_id: randomUUID(), code, direction: 'in', gate: 'main', scanned_at: '2026-12-01T06:00:00Z' };
      const { json } = await post(at, '/gate/scans', { scans: [one] });
      return (json?.['results'] as { readonly outcome: unknown }[] | undefined)?.[0]?.outcome;
    }
    const keysOf = async ({ url }: World): Promise<number> => {
      const { json } = await call(url, 'GET', '/.well-known/jwks.json');
      return Array.isArray(json?.['keys']) ? json['keys'].length : 0;
    };

    const account = { phone: '+996700998877', password: 'a horse of Naryn', name: 'Жибек' };
    const { one, other, keys, tokens } = await started(async (at) => ({
      one: await sell(at),
      other: await sell(at),
      keys: await keysOf(at),
      tokens: (await call(at.url, 'POST', '/api/v1/auth/register', { body: account })).json,
    }));
    const rotated = await cli(settings, 'keys', 'rotate', 'admission');
    expect(rotated.code).toBe(0);
    const oldKeyId = /Codes of key ([0-9a-f]{8})/.exec(rotated.text)?.[1] ?? '';
    const fresh = await started(async (at) => {
      expect(await keysOf(at)).toBe(keys + 1);
      expect(await scan(at, one)).toBe('admitted');
      return sell(at);
    });
    expect(await cli(settings, 'keys', 'retire', 'admission', oldKeyId)).toMatchObject({ code: 0 });
    await started(async (at) => {
      expect(await keysOf(at)).toBe(keys);
      expect(await scan(at, other)).toBe('bad_signature');
      expect(await scan(at, fresh)).toBe('admitted');
    });

    // The key of access tokens: nobody has to sign in again, tokens of before end.
    await rm(join(dataDir, 'keys', 'access-token.pem'));
    await started(async (at) => {
      expect((await post(at, '/gate/shifts', { park_id: OWN, float: '1.00' })).status).toBe(401);
      const me = async (token: unknown) =>
        (await call(at.url, 'GET', '/api/v1/users/me', { token: String(token) })).status;
      expect(await me(tokens?.['access_token'])).toBe(401);
      const body = { refresh_token: tokens?.['refresh_token'] };
      const { json } = await call(at.url, 'POST', '/api/v1/auth/refresh', { body });
      expect(await me(json?.['access_token'])).toBe(200);
    });
    await run();
  }, 120_000);

  test.each(['ed25519', 'rsa'] as const)(
    'the key of access tokens, %s, is rotated and retired while two processes run, and nobody signs in again',
    async (kind) => {
      const cleanUp = createCleanUp();
      const database = await createTestDatabase();
      cleanUp.later(() => database.drop());
      const dataDir = await temporaryDataDir(cleanUp.later);
      const [keyFile, isOwn] = [join(dataDir, 'own', 'token.pem'), kind === 'rsa'];
      if (isOwn) {
        await mkdir(join(dataDir, 'own'));
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      }
      const given = { DATABASE_URL: database.url, ...(isOwn ? { JWT_PRIVATE_KEY_FILE: keyFile } : {}) };
      const own = await localSettings(dataDir, given);
      const settings = { ...own, PUBLIC_URL: `http://127.0.0.1:${own['PORT']}` };
      const [here, there] = [
        await startTestApi(settings, clock, cleanUp.later),
        await startTestApi({ ...settings, PORT: String(await freePort()) }, clock, cleanUp.later),
      ];
      const account = { phone: '+996700998878', password: 'a horse of Naryn', name: 'Жибек' };
      const { json: first } = await call(here.url, 'POST', '/api/v1/auth/register', { body: account });
      const before = String(first?.['access_token']);
      const me = async ({ url }: { readonly url: string }, token: string) =>
        (await call(url, 'GET', '/api/v1/users/me', { token })).status;
      const refreshed = async (token: unknown) =>
        (await call(here.url, 'POST', '/api/v1/auth/refresh', { body: { refresh_token: token } })).json;

      const rotated = await cli(settings, 'keys', 'rotate', 'tokens');
      expect(rotated.code).toBe(0);
      const oldKeyId = /Tokens of key ([0-9a-f]{8})/.exec(rotated.text)?.[1] ?? '';
      await here.app.tokenKeys.look();
      clock.advance(2_000);
      const second = await refreshed(first?.['refresh_token']);
      const after = String(second?.['access_token']);
      const [older, newer] = [before, after].map((token) => decodeProtectedHeader(token));
      expect(older?.alg).toBe(kind === 'rsa' ? 'RS256' : 'EdDSA');
      expect(newer?.alg).toBe(older?.alg);
      expect(newer?.kid).not.toBe(older?.kid);
      // The other process has not looked: it does when it meets the key.
      for (const api of [there, here]) for (const token of [before, after]) expect(await me(api, token)).toBe(200);
      const { json: set } = await call(here.url, 'GET', '/.well-known/jwks.json', {});
      const published = set?.['keys'] as readonly { readonly kid: string; readonly use: string }[] | undefined;
      const signing = published?.filter(({ use }) => use === 'sig').map(({ kid }) => kid);
      expect(signing).toEqual([newer?.kid, older?.kid]);

      expect(await cli(settings, 'keys', 'retire', 'tokens', oldKeyId)).toMatchObject({ code: 0 });
      expect(await cli(settings, 'keys', 'retire', 'tokens', oldKeyId)).toMatchObject({ code: 1 });
      await here.app.tokenKeys.look();
      expect(await me(here, before)).toBe(401);
      expect(await me(here, after)).toBe(200);
      expect(await me(here, String((await refreshed(second?.['refresh_token']))?.['access_token']))).toBe(200);
      await cleanUp.run();
    },
    120_000,
  );
});

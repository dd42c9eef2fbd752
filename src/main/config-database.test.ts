import fc from 'fast-check';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { clientConfig } from '../infrastructure/postgres/connection-settings.ts';
import { ConfigFault, loadConfig } from './config.ts';

type Environment = Parameters<typeof loadConfig>[0];

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults;
  }
}

describe('the database in parts', () => {
  const parts = { DB_HOST: 'db.example', DB_NAME: 'skypark', DB_USER: 'user' };
  const clientOf = (environment: Environment): Client => {
    const { databaseUrl } = loadConfig(environment);
    expect(URL.canParse(databaseUrl ?? '')).toBe(true);
    return new Client(clientConfig({ url: databaseUrl ?? '', applicationName: 'test', ssl: 'disable' }));
  };

  test('becomes the address that the driver connects to', () => {
    expect(clientOf(parts)).toMatchObject({ host: 'db.example', port: 5432, database: 'skypark', user: 'user' });
    expect(clientOf({ ...parts, DB_PORT: '6432' }).port).toBe(6432);
  });

  test.each([
    ['::1', '::1'],
    ['10.0.0.7', '10.0.0.7'],
    ['/var/run/postgresql', '/var/run/postgresql'],
  ])('on %s', (host, found) => {
    expect(clientOf({ ...parts, DB_HOST: host }).host).toBe(found);
  });

  test('any user and any password come through as they are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    const special = fc.string({ unit: fc.constantFrom(...'%/?#@:&=+ \'"\\[]!*()~;,|^`{}<>$ä🎈%41'), minLength: 1 });
    fc.assert(
      fc.property(fc.oneof(text, special), fc.oneof(text, special), (user, password) => {
        const client = clientOf({ ...parts, DB_USER: user, DB_PASSWORD: password });
        expect([client.user, client.password, client.host]).toEqual([user, password, 'db.example']);
      }),
    );
  });

  test.each(['sky park', 'sky-park_1.x$', 'база'])('its name is %s', (name) => {
    expect(clientOf({ ...parts, DB_NAME: name }).database).toBe(name);
  });

  test.each([
    [{ ...parts, DB_NAME: 'a/b' }, 'DB_NAME'],
    [{ ...parts, DB_NAME: 'a?b' }, 'DB_NAME'],
    [{ ...parts, DB_NAME: 'a%41' }, 'DB_NAME'],
    [{ ...parts, DB_HOST: 'a b' }, 'DB_HOST'],
    [{ ...parts, DB_HOST: 'user@host' }, 'DB_HOST'],
    [{ ...parts, DB_HOST: 'host/x' }, 'DB_HOST'],
    [{ ...parts, DB_PORT: '0' }, 'DB_PORT'],
    [{ ...parts, DB_USER: '' }, 'DB_USER'],
    [{ DB_PASSWORD: 'p', DB_NAME: 'n', DB_USER: 'u' }, 'DB_HOST'],
    [{ ...parts, DATABASE_URL: 'postgres://a@b/c' }, 'DATABASE_URL'],
  ])('is refused when it makes no address: %o', (environment, name) => {
    const faults = faultsOf(environment);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
  });
});

import { describe, expect, test } from 'vitest';
import { clientConfig } from './connection-settings.ts';

const config = (url: string, more: Partial<Parameters<typeof clientConfig>[0]> = {}) =>
  clientConfig({ url, applicationName: 'test', ...more });

describe('encryption', () => {
  test.each([
    'postgres://localhost/db',
    'postgres://user:secret@127.0.0.1:5432/db',
    'postgresql://[::1]:5432/db',
    'postgres://user@ignored/db?host=/var/run/postgresql',
  ])('is off by default on this machine: %s', (url) => {
    expect(config(url).ssl).toBe(false);
  });

  test.each(['postgres://db.example/db', 'postgres://user:local@10.0.0.1/db', 'postgres://localhost.example.org/db'])(
    'verifies the server by default elsewhere: %s',
    (url) => {
      expect(config(url).ssl).toEqual({ rejectUnauthorized: true });
    },
  );

  test('the setting wins over the URL, and the URL over the default', () => {
    expect(config('postgres://db.example/db?sslmode=require').ssl).toEqual({ rejectUnauthorized: false });
    expect(config('postgres://db.example/db?sslmode=disable').ssl).toBe(false);
    expect(config('postgres://localhost/db?sslmode=verify-full').ssl).toEqual({ rejectUnauthorized: true });
    expect(config('postgres://db.example/db?sslmode=disable', { ssl: 'verify-full' }).ssl).toEqual({
      rejectUnauthorized: true,
    });
  });

  test('modes that fall back to plain text are refused', () => {
    expect(() => config('postgres://db.example/db?sslmode=prefer')).toThrow('sslmode must be one of');
  });

  test('the driver never sees sslmode, which it reads in its own way', () => {
    expect(config('postgres://db.example/db?sslmode=require&keepalives=1').connectionString).toBe(
      'postgres://db.example/db?keepalives=1',
    );
  });
});

describe('the session', () => {
  test('has the search path of all modules, UTC, the timeout and the role, after the options of the URL', () => {
    const { options } = config('postgres://localhost/db?options=-c%20geqo%3Doff', {
      role: 'skypark_app',
      statementTimeoutMs: 700,
    });
    expect(options).toBe(
      '-c geqo=off -c search_path=public,store,users,auth,park,booking,admission,payment,loyalty,http' +
        ' -c timezone=UTC -c datestyle=ISO -c statement_timeout=700 -c idle_in_transaction_session_timeout=700' +
        ' -c role=skypark_app',
    );
  });

  test('without a statement timeout the driver does not give up either', () => {
    expect(config('postgres://localhost/db', { statementTimeoutMs: 0 }).query_timeout).toBeUndefined();
    expect(config('postgres://localhost/db', { statementTimeoutMs: 700 }).query_timeout).toBe(5_700);
  });
});

test.each(['', 'mysql://host/db', 'host/db', 'postgres://user:top-secret@/db', 'postgres:///top-secret'])(
  '%j is refused without repeating it',
  (url) => {
    expect(() => config(url)).toThrow(RangeError);
    expect(() => config(url)).toThrow(/^the database URL (must begin with|names no host)/);
  },
);

import { DatabaseError } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import { BrokenInvariant } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { connectDatabase } from './database.ts';
import type { Database, DatabaseSettings } from './database.ts';
import { constraintOf, sqlState, sqlStateOf } from './errors.ts';
import { statement } from './session.ts';

let temporary: TestDatabase;
let database: Database;
const idleErrors: Error[] = [];

const connect = (more: Partial<DatabaseSettings> = {}): Database =>
  connectDatabase({
    url: temporary.url,
    poolSize: 2,
    applicationName: 'test',
    onError: (error) => idleErrors.push(error),
    ...more,
  });

const sql = (text: string) => statement(`test.${text.length}.${text.slice(0, 40)}`, text);
const PID = statement('test.pid', 'select pg_backend_pid() as pid');
const NOTE_COUNT = statement('test.note_count', 'select count(*) as count from note');

beforeAll(async () => {
  temporary = await createTestDatabase({ from: 'empty' });
  database = connect();
  await database.run('create schema park; create table park.note (id int primary key, text text)');
});

afterAll(async () => {
  await database.close();
  await temporary.drop();
});

const countNotes = async (): Promise<number> => (await database.rows<{ count: number }>(NOTE_COUNT))[0]?.count ?? -1;

describeWithDatabase('values', () => {
  test('arrive in the forms the program uses', async () => {
    const [row] = await database.rows(
      sql(`select 9007199254740991::int8 as big, array[1, null, 3]::int8[] as bigs, 1.10::numeric as amount,
                  array[1.10, 2]::numeric[] as amounts, '2026-11-24 00:00:00.5+06'::timestamptz as instant,
                  array['2026-11-24 00:00+06']::timestamptz[] as instants, '2026-02-28'::date as day,
                  array['2026-02-28', null]::date[] as days, '{"a": [1]}'::jsonb as document, '\\x00ff'::bytea as bytes,
                  '2026-02-28 10:00'::timestamp as wall, array[array['a,b', 'c"d']] as texts, true as yes, null as nothing`),
    );
    expect(row).toEqual({
      big: Number.MAX_SAFE_INTEGER,
      bigs: [1, null, 3],
      amount: '1.10',
      amounts: ['1.10', '2'],
      instant: Date.parse('2026-11-23T18:00:00.5Z'),
      instants: [Date.parse('2026-11-23T18:00:00Z')],
      day: '2026-02-28',
      days: ['2026-02-28', null],
      document: { a: [1] },
      bytes: Buffer.from([0, 255]),
      wall: '2026-02-28 10:00:00',
      texts: [['a,b', 'c"d']],
      yes: true,
      nothing: null,
    });
  });

  test('a bigint too large for a number is an error, never a rounded one, and the connection goes on', async () => {
    await expect(database.rows(sql('select 9007199254740993::int8 as big'))).rejects.toThrow(BrokenInvariant);
    expect(await database.rows(sql('select 1 as one'))).toEqual([{ one: 1 }]);
  });

  test('are bound by type: bigint, bytes, arrays, null', async () => {
    const echo = sql('select $1::int8 as big, $2::bytea as bytes, $3::text[] as texts, $4::int as nothing');
    expect(await database.rows(echo, [12n, Uint8Array.of(0, 255), ['a,b', null, '"'], null])).toEqual([
      { big: 12, bytes: Buffer.from([0, 255]), texts: ['a,b', null, '"'], nothing: null },
    ]);
  });
});

describeWithDatabase('sessions', () => {
  test('find tables of every module by their own names', async () => {
    expect(await countNotes()).toBe(0);
  });

  test('prepare a statement once a connection, and not at all behind a pooler', async () => {
    const prepared = sql(`select name from pg_prepared_statements where name like 'test.%'`);
    const pooled = connect({ poolSize: 1, preparedStatements: false });
    await pooled.rows(prepared);
    expect(await pooled.rows(prepared)).toEqual([]);
    await pooled.close();
    const own = connect({ poolSize: 1 });
    await own.rows(prepared);
    expect(await own.rows(prepared)).toEqual([{ name: prepared.name }]);
    await own.close();
  });

  test('take on a role, and fail when there is none of that name', async () => {
    const role = `test_role_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
    await database.run(`create role ${role} nologin`);
    const restricted = connect({ role });
    expect(await restricted.rows(sql('select current_user as name'))).toEqual([{ name: role }]);
    await expect(restricted.rows(NOTE_COUNT)).rejects.toMatchObject({ code: '42P01' });
    await restricted.close();
    await database.run(`drop role ${role}`);
    const unknown = connect({ role });
    await expect(unknown.rows(PID)).rejects.toMatchObject({ code: '22023' });
    await unknown.close();
  });

  test('the pool tells how many connections it has', async () => {
    const own = connect({ poolSize: 1 });
    expect(own.stats()).toEqual({ total: 0, idle: 0, waiting: 0 });
    const both = [own.rows(sql('select pg_sleep(0.1)')), own.rows(PID)];
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(own.stats()).toEqual({ total: 1, idle: 0, waiting: 1 });
    await Promise.all(both);
    await own.close();
  });
});

describeWithDatabase('transactions', () => {
  test('keep all of the work or nothing', async () => {
    await database.transaction((session) => session.run(`insert into note values (1, 'kept')`));
    const failing = database.transaction(async (session) => {
      await session.run(`insert into note values (2, 'lost')`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await countNotes()).toBe(1);
  });

  test('do not look committed when an error inside was swallowed', async () => {
    const swallowing = database.transaction(async (session) => {
      await session.run(`insert into note values (3, 'lost')`);
      await session.run('select 1 / 0').catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow(BrokenInvariant);
    expect(await countNotes()).toBe(1);
  });

  test('refuse work after their end', async () => {
    const escaped = await database.transaction(async (session) => session);
    await expect(escaped.run('select 1')).rejects.toThrow('a transaction was used after its end');
  });

  test('that fail give back a clean connection', async () => {
    const own = connect({ poolSize: 1 });
    const [before] = await own.rows<{ pid: number }>(PID);
    await expect(own.transaction((session) => session.run('select 1 / 0'))).rejects.toMatchObject({ code: '22012' });
    expect(await own.rows(PID)).toEqual([before]);
    await own.close();
  });
});

describeWithDatabase('errors', () => {
  test('a unique violation keeps its code and constraint, and its connection', async () => {
    const own = connect({ poolSize: 1 });
    const [before] = await own.rows<{ pid: number }>(PID);
    const error: unknown = await own
      .run(`insert into note values (9, 'a'), (9, 'b')`)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseError);
    expect([sqlStateOf(error), constraintOf(error)]).toEqual([sqlState.uniqueViolation, 'note_pkey']);
    expect(await own.rows(PID)).toEqual([before]);
    await own.close();
  });

  test('a server that is not there is StoreUnavailable', async () => {
    const away = connect({ url: 'postgres://postgres@127.0.0.1:1/none' });
    await expect(away.rows(PID)).rejects.toThrow(StoreUnavailable);
    await expect(away.connection()).rejects.toThrow(StoreUnavailable);
    await away.close();
    await expect(away.rows(PID)).rejects.toThrow(StoreUnavailable);
  });

  test('a wrong database name is no matter of waiting', async () => {
    const url = new URL(temporary.url);
    url.pathname = '/no_such_database';
    const wrong = connect({ url: url.href });
    await expect(wrong.rows(PID)).rejects.toMatchObject({ code: '3D000' });
    await wrong.close();
  });

  test('a statement that takes too long is StoreUnavailable and leaves the connection usable', async () => {
    const own = connect({ poolSize: 1, statementTimeoutMs: 50 });
    const [before] = await own.rows<{ pid: number }>(PID);
    const error: unknown = await own.run('select pg_sleep(5)').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(sqlStateOf(error)).toBe(sqlState.queryCanceled);
    expect(await own.rows(PID)).toEqual([before]);
    await own.close();
  });

  test('no free connection within the time allowed is StoreUnavailable', async () => {
    const own = connect({ poolSize: 1, connectTimeoutMs: 100 });
    const busy = own.run('select pg_sleep(0.5)');
    await expect(own.rows(PID)).rejects.toThrow(StoreUnavailable);
    await busy;
    await own.close();
  });

  test('a connection ended by an administrator is StoreUnavailable, inside a transaction too, and the next one works', async () => {
    const own = connect({ poolSize: 1 });
    const killed = own.transaction(async (session) => {
      const [row] = await session.rows<{ pid: number }>(PID);
      await database.run(`select pg_terminate_backend(${row?.pid}, 5000)`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await session.run('select 1');
    });
    await expect(killed).rejects.toThrow(StoreUnavailable);
    const [idle] = await own.rows<{ pid: number }>(PID);
    await database.run(`select pg_terminate_backend(${idle?.pid}, 5000)`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(idleErrors.length).toBeGreaterThan(0);
    expect(await own.rows(sql('select 1 as one'))).toEqual([{ one: 1 }]);
    await own.close();
  });

  test('a plan that the schema outgrew costs one failure, not all later ones', async () => {
    const own = connect({ poolSize: 1 });
    await own.run('create table grown (a int)');
    const all = sql('select * from grown');
    await own.rows(all);
    await own.run('alter table grown add b int');
    await expect(own.rows(all)).rejects.toThrow(StoreUnavailable);
    expect(await own.rows(all)).toEqual([]);
    await own.close();
  });
});

describeWithDatabase('dedicated connections', () => {
  test('hear notifications of their channels only', async () => {
    const heard: string[] = [];
    const connection = await database.connection();
    await connection.listen('Odd channel"', (payload) => heard.push(payload));
    await connection.listen('other', () => undefined);
    await database.run(`notify "Odd channel""", 'one'; notify other, 'no'; notify "Odd channel""", 'two'`);
    await expect.poll(() => heard).toEqual(['one', 'two']);
    await connection.close();
    await connection.close();
  });

  test('say when they are lost, and say nothing when they are closed', async () => {
    const lost: Error[] = [];
    const closed = await database.connection((error) => lost.push(error));
    await closed.close();
    const connection = await database.connection((error) => lost.push(error));
    const [row] = await connection.rows<{ pid: number }>(PID);
    await database.run(`select pg_terminate_backend(${row?.pid}, 5000)`);
    await expect.poll(() => lost.length).toBe(1);
    expect(lost[0]).toBeInstanceOf(StoreUnavailable);
    await expect(connection.rows(PID)).rejects.toThrow(StoreUnavailable);
    await connection.close();
  });

  test('keep session locks until exclusive work is over', async () => {
    const tryLock = sql('select pg_try_advisory_lock(77) as locked');
    await database.exclusive(async (connection) => {
      expect(await connection.rows(tryLock)).toEqual([{ locked: true }]);
      await database.exclusive(async (other) => expect(await other.rows(tryLock)).toEqual([{ locked: false }]));
    });
    await database.exclusive(async (other) => expect(await other.rows(tryLock)).toEqual([{ locked: true }]));
  });
});

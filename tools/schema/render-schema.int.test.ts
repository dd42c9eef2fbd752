import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { APP_ROLE, ensureRole } from '../../src/infrastructure/postgres/app-role.ts';
import { openConnection } from '../../src/infrastructure/postgres/database.ts';
import type { Connection } from '../../src/infrastructure/postgres/database.ts';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import type { TestDatabase } from '../../test/support/database.ts';
import { readSchema } from './read-schema.ts';

const testData = (name: string): Promise<string> => readFile(new URL(`test-data/${name}`, import.meta.url), 'utf8');

let temporary: TestDatabase;
let connection: Connection;

beforeEach(async () => {
  temporary = await createTestDatabase({ from: 'empty' });
  connection = await openConnection({ url: temporary.url, applicationName: 'test' });
  await ensureRole(connection, APP_ROLE);
});

afterEach(async () => {
  await connection.close();
  await temporary.drop();
});

describeWithDatabase('the text of a schema', () => {
  test('has one form, whatever version the server is', async () => {
    await connection.run(await testData('objects.sql'));
    expect(await readSchema(temporary.url)).toBe(await testData('objects.rendered.sql'));
  });

  test('does not depend on the order in which things were made', async () => {
    await connection.run(
      'create table b (x int); create table a (x int); create index b_x on b (x); create index a_x on b (x);',
    );
    const text = await readSchema(temporary.url);
    await connection.run('drop table a, b; create table a (x int); create table b (x int); create index a_x on b (x);');
    expect(await readSchema(temporary.url)).not.toBe(text);
    await connection.run('create index b_x on b (x);');
    expect(await readSchema(temporary.url)).toBe(text);
  });

  test.each([
    ['alter table a alter x drop not null'],
    ['alter table a alter x set default 1'],
    ['alter table a add y bigint'],
    ['alter table a drop constraint a_x_check'],
    ['alter table a set (fillfactor = 50)'],
    ['create or replace view v as select x + 1 as x from a'],
    ['alter view v set (security_invoker = on)'],
    ['drop trigger t on a'],
    [`create or replace function f() returns trigger language plpgsql as 'begin return new; end'`],
    ['alter function f() security definer'],
    ['revoke select on a from skypark_app'],
    ['revoke execute on function f() from public'],
    [`comment on table a is 'now'`],
  ])('changes with: %s', async (change) => {
    await connection.run(`
      create table a (x int not null check (x > 0));
      create view v as select x from a;
      create function f() returns trigger language plpgsql as 'begin return null; end';
      create trigger t before insert on a for each row execute function f();
      grant select on a to skypark_app;`);
    const text = await readSchema(temporary.url);
    await connection.run(change);
    expect(await readSchema(temporary.url)).not.toBe(text);
  });

  test('leaves nothing behind in the database', async () => {
    await connection.run('create view v as select 1 as x');
    const text = await readSchema(temporary.url);
    expect(await readSchema(temporary.url)).toBe(text);
  });
});

describeWithDatabase('what cannot be written is an error and not left out', () => {
  test.each([
    ['create extension btree_gist', 'extension btree_gist'],
    ['create aggregate add_up(int) (sfunc = int4pl, stype = int)', 'aggregate public.add_up(integer)'],
    ['create table a (x int); create policy p on a using (true)', 'policy p'],
    ['create table a (x int); alter table a enable row level security', 'row security of public.a'],
    ['create type span as range (subtype = int)', 'range type public.span'],
    ['create table a (x int); create rule r as on insert to a do instead nothing', 'rule r'],
    ['create table a (x int, y int); create statistics s on x, y from a', 'statistics s'],
  ])('%s', async (sql, name) => {
    await connection.run(sql);
    await expect(readSchema(temporary.url)).rejects.toThrow(`cannot write: ${name}`);
  });
});

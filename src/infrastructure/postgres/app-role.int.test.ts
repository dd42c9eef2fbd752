import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import { ensureRole } from './app-role.ts';
import { openConnection } from './database.ts';
import type { Connection } from './database.ts';

const suffix = randomBytes(4).toString('hex');
const OPERATOR = `test_operator_${suffix}`;
const STRANGER = `test_stranger_${suffix}`;
const ROLES = [`test_app_a_${suffix}`, `test_app_b_${suffix}`, `test_app_c_${suffix}`] as const;
const [RACED, BY_OPERATOR, REFUSED] = ROLES;

let databases: readonly TestDatabase[];
let admin: Connection;

const connectAs = (database: TestDatabase | undefined, user?: string): Promise<Connection> => {
  const url = new URL(database?.url ?? '');
  if (user !== undefined) {
    url.username = user;
    url.password = user;
  }
  return openConnection({ url: url.href, applicationName: 'test' });
};

describeWithDatabase('the role of the program', () => {
  beforeAll(async () => {
    databases = [await createTestDatabase({ from: 'empty' }), await createTestDatabase({ from: 'empty' })];
    admin = await connectAs(databases[0]);
    await admin.run(`create role ${OPERATOR} login createrole password '${OPERATOR}'`);
    await admin.run(`create role ${STRANGER} login password '${STRANGER}'`);
  });

  afterAll(async () => {
    await admin.run(`drop role if exists ${[...ROLES, OPERATOR, STRANGER].join(', ')}`);
    await admin.close();
    for (const database of databases) await database.drop();
  });

  test('two databases of one cluster may make the role at the same moment', async () => {
    const connections = await Promise.all([0, 1, 0, 1, 0, 1].map((index) => connectAs(databases[index])));
    const answers = await Promise.all(connections.map((connection) => ensureRole(connection, RACED)));
    expect(answers).toEqual(answers.map(() => true));
    await Promise.all(connections.map((connection) => connection.close()));
  });

  test('a user who may create roles gets one that it can take on, also when several try', async () => {
    const connections = await Promise.all([0, 1, 0, 1].map((index) => connectAs(databases[index], OPERATOR)));
    const answers = await Promise.all(connections.map((connection) => ensureRole(connection, BY_OPERATOR)));
    expect(answers).toEqual([true, true, true, true]);
    await connections[0]?.run(`set role ${BY_OPERATOR}`);
    await Promise.all(connections.map((connection) => connection.close()));
  });

  test('a user who may do neither is told so, whether the role exists or not', async () => {
    const connection = await connectAs(databases[0], STRANGER);
    expect(await ensureRole(connection, REFUSED)).toBe(false);
    await admin.run(`create role ${REFUSED} nologin`);
    expect(await ensureRole(connection, REFUSED)).toBe(false);
    await admin.run(`grant ${REFUSED} to ${STRANGER}`);
    expect(await ensureRole(connection, REFUSED)).toBe(true);
    await connection.close();
  });
});

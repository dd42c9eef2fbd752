import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { ok, refuse } from '../../kernel/result.ts';
import { expectRebuildEqual, NOON_MS, openUserTestNode, type UserProgram, type UserTestNode } from './user.suite.ts';

const meta = { actor: 'system', correlationId: 'test' };

const HEAD = statement('test.head', 'select position from store.head');
const EVERYTHING = statement(
  'test.everything',
  `select (select string_agg(e::text, ' ') from store.event e) || (select string_agg(c::text, ' ') from store.claim c)
     || (select string_agg(u::text, ' ') from users.users u) || (select string_agg(c::text, ' ') from users.children c) as text`,
);

describeWithDatabase('accounts', () => {
  let node: UserTestNode;
  let first: UserProgram;
  let second: UserProgram;
  let lastNumber = 100_000;

  const newPhone = (): string => `+996555${(lastNumber += 1)}`;
  const account = (phone: string) => ({
    userId: systemIds.next(),
    phone,
    name: 'Айгүл Токтогулова',
    email: 'aigul@example.com',
    language: 'ky' as const,
  });
  const open = async (): Promise<string> => {
    const details = account(newPhone());
    expect(await first.module.register(details, meta)).toEqual(ok(null));
    return details.userId;
  };
  const alina = { name: 'Алина', birthDate: '2022-03-01', gender: 'female' as const };
  const headOf = async (): Promise<number> => (await node.owner.rows<{ position: number }>(HEAD))[0]?.position ?? 0;

  beforeAll(async () => {
    node = await openUserTestNode();
    [first, second] = [node.first, await node.start()];
  });
  afterAll(() => node?.close());

  describe('registering', () => {
    test('opens an account that is found by its number in any spelling', async () => {
      const details = account('+996700112233');
      expect(await first.module.register(details, meta)).toEqual(ok(null));
      const times = { createdAtMs: NOON_MS, updatedAtMs: NOON_MS, phoneVerified: false };
      expect(await second.module.profile(details.userId)).toEqual({ ...details, ...times, version: 1 });
      expect(await second.module.userIdByPhone('0700 11 22 33')).toEqual(ok(details.userId));
    });

    test('a number that nobody has belongs to nobody, and no number is refused', async () => {
      expect(await first.module.userIdByPhone(newPhone())).toEqual(ok(null));
      expect(await first.module.userIdByPhone('0312 123456')).toEqual(refuse({ code: 'bad_phone' }));
      expect(await first.module.register(account('12'), meta)).toEqual(refuse({ code: 'bad_phone' }));
    });

    test('refuses a number that somebody has, and leaves no trace of the second account', async () => {
      const phone = newPhone();
      await first.module.register(account(phone), meta);
      const before = await headOf();
      const late = account(phone.replace('+996', '0'));
      expect(await second.module.register(late, meta)).toEqual(refuse({ code: 'phone_taken' }));
      expect(await headOf()).toBe(before);
      expect(await first.module.profile(late.userId)).toBeNull();
    });

    test('of many that register one number at once over two programs exactly one gets it', async () => {
      const phone = newPhone();
      const tries = Array.from({ length: 20 }, (_, index) => ({
        details: account(phone),
        program: index % 2 === 0 ? first : second,
      }));
      const answers = await Promise.all(tries.map(({ details, program }) => program.module.register(details, meta)));
      expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
      expect(answers.filter((answer) => !answer.ok && answer.refusal.code === 'phone_taken')).toHaveLength(19);
      const winner = tries[answers.findIndex((answer) => answer.ok)];
      expect(await first.module.userIdByPhone(phone)).toEqual(ok(winner?.details.userId));
    });
  });

  describe('children', () => {
    test('are read back by whoever asks next, oldest entry first', async () => {
      const userId = await open();
      const added = await first.module.addChild(userId, alina, meta);
      node.clock.advance(1000);
      const other = await second.module.addChild(userId, { ...alina, name: 'Бек', gender: null }, meta);
      expect(added).toMatchObject(ok({ ...alina }));
      expect(other).toMatchObject(ok({ name: 'Бек', gender: null }));
      const children = await first.module.childrenOf(userId);
      expect(children.map(({ name, birthDate }) => [name, birthDate])).toEqual([
        ['Алина', '2022-03-01'],
        ['Бек', '2022-03-01'],
      ]);
    });

    test('one command adds one child, also when two programs hear it at once, and both answer it', async () => {
      const userId = await open();
      const command = { ...meta, commandId: systemIds.next() };
      const programs = [first, second, first, second];
      const answers = await Promise.all(programs.map(({ module }) => module.addChild(userId, alina, command)));
      expect(await first.module.childrenOf(userId)).toHaveLength(1);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await second.module.addChild(userId, alina, command)).toEqual(answers[0]);
    });

    test('stay below the limit when two programs add at once', async () => {
      const userId = await open();
      const tries = Array.from({ length: 34 }, (_, index) =>
        (index % 2 === 0 ? first : second).module.addChild(userId, alina, meta),
      );
      const answers = await Promise.all(tries);
      expect(answers.filter((answer) => answer.ok)).toHaveLength(30);
      expect(await first.module.childrenOf(userId)).toHaveLength(30);
    });

    test('of nobody are none, and nobody can be given one', async () => {
      expect(await first.module.childrenOf(systemIds.next())).toEqual([]);
      const refused = await first.module.addChild(systemIds.next(), alina, meta);
      expect(refused).toEqual(refuse({ code: 'user_not_found' }));
    });

    test('are counted by the date in Bishkek, not in UTC', async () => {
      const userId = await open();
      node.clock.set(Date.UTC(2026, 10, 24, 18, 30));
      const tomorrowInUtc = { ...alina, birthDate: '2026-11-25' };
      expect((await first.module.addChild(userId, tomorrowInUtc, meta)).ok).toBe(true);
      node.clock.set(NOON_MS);
      const refused = await first.module.addChild(userId, tomorrowInUtc, meta);
      expect(refused).toEqual(refuse({ code: 'born_in_the_future' }));
    });
  });

  test('no raw row shows personal text', async () => {
    const details = { ...account('+996700998877'), name: 'Жибек', email: 'jibek@example.com' };
    await first.module.register(details, meta);
    await first.module.addChild(details.userId, { ...alina, name: 'Темирлан', birthDate: '2019-07-19' }, meta);
    const [row] = await node.owner.rows<{ text: string }>(EVERYTHING);
    expect(row?.text).toContain(details.userId);
    for (const personal of ['Жибек', 'jibek', '700998877', 'Темирлан', '2019-07-19']) {
      expect(row?.text).not.toContain(personal);
    }
  });

  test('nothing can be read once the key of the account is destroyed, and the rest goes on', async () => {
    const [gone, kept] = [await open(), await open()];
    await first.module.addChild(gone, alina, meta);
    await first.vault.destroy(gone);
    expect(await first.module.profile(gone)).toBeNull();
    expect(await first.module.childrenOf(gone)).toEqual([]);
    expect(await first.module.profile(kept)).not.toBeNull();
  });

  test('replaying any part of the log, and rebuilding from it, gives the same rows', async () => {
    await expectRebuildEqual(node);
    expect((await first.module.addChild(await open(), alina, meta)).ok).toBe(true);
  });
});

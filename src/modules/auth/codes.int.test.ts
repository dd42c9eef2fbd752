import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve } from '../../../test/support/module-server.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { NEW_PASSWORD, openCodeStage, type CodeStage } from './codes.suite.ts';

const CODES = statement(
  'test.codes',
  'select coalesce(string_agg(c::text, chr(10)), $1) as text from auth.one_time_code c',
);

describeWithDatabase('one-time codes', () => {
  let node: CodeStage['node'];
  let first: CodeStage['first'];
  let second: CodeStage['second'];
  let newPhone: CodeStage['newPhone'];
  let textIn: CodeStage['textIn'];
  let register: CodeStage['register'];
  let registerProven: CodeStage['registerProven'];
  let login: CodeStage['login'];
  let refresh: CodeStage['refresh'];
  let request: CodeStage['request'];
  let verify: CodeStage['verify'];
  let codeFor: CodeStage['codeFor'];
  let otherThan: CodeStage['otherThan'];
  let refused: CodeStage['refused'];
  let pause: CodeStage['pause'];

  beforeAll(async () => {
    ({
      node,
      first,
      second,
      newPhone,
      textIn,
      register,
      registerProven,
      login,
      refresh,
      request,
      verify,
      codeFor,
      otherThan,
      refused,
      pause,
    } = await openCodeStage());
  });
  afterAll(() => node?.close());

  describe('asking', () => {
    test('answers the same for known and unknown numbers, and sends to known ones only', async () => {
      pause();
      const { phone } = await register();
      const before = node.sent.length;
      for (const purpose of ['login', 'reset', 'verify'] as const) {
        const [known, unknown] = [await request(phone, purpose), await request(newPhone(), purpose)];
        expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
        expect(known.status).toBe(202);
      }
      expect(node.sent.slice(before)).toMatchObject([
        { phone, purpose: 'login' },
        { purpose: 'reset' },
        { purpose: 'verify' },
      ]);
    });

    test.each([
      ['no number', { phone: 'hello', purpose: 'login' }],
      ['no purpose', { phone: '+996555123456' }],
      ['another purpose', { phone: '+996555123456', purpose: 'payment' }],
    ])('with %s is a bad request', async (_what, body) => {
      expect((await first.ask('POST', '/api/v1/auth/otp', { body })).status).toBe(400);
    });

    test.each([['known'], ['unknown']])(
      'more than five times an hour for a number that is %s is 429 with a time to wait',
      async (kind) => {
        pause();
        const phone = kind === 'known' ? (await register()).phone : newPhone();
        for (let count = 0; count < 5; count += 1) expect((await request(phone, 'login')).status).toBe(202);
        const before = node.sent.length;
        const answer = await request(phone, 'verify', second);
        expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        expect(node.sent).toHaveLength(before);
      },
    );

    test('for a hundred numbers from one address is 429 before the end', async () => {
      pause();
      const answers = [];
      for (let count = 0; count < 100; count += 1) answers.push((await request(newPhone(), 'verify')).status);
      expect(answers.filter((status) => status === 429).length).toBeGreaterThanOrEqual(40);
    });

    test('where nothing can be sent is 503 for everybody', async () => {
      const module = await node.start({ codeSender: null });
      const server = await serve(module.routes, module.tokens, node.clock);
      const { phone } = await register();
      for (const number of [phone, newPhone()]) {
        expect(await request(number, 'login', server)).toMatchObject({
          status: 503,
          body: { code: 'codes_unavailable' },
        });
      }
    });

    test('keeps neither the number nor the code, in the table or in the log', async () => {
      pause();
      const { phone } = await register();
      const code = await codeFor(phone, 'login');
      await verify(phone, otherThan(code), 'login');
      const [row] = await node.owner.rows<{ text: string }>(CODES, ['']);
      const kept = `${row?.text ?? ''}\n${first.lines.join('\n')}`;
      expect(kept).not.toContain(phone.slice(4));
      expect(row?.text).not.toMatch(new RegExp(`\\b${code}\\b`));
      expect(first.lines.join('\n')).not.toContain(code);
    });
  });

  describe('showing', () => {
    test('the right one signs in, once', async () => {
      pause();
      const { phone, userId } = await registerProven();
      const code = await codeFor(phone, 'login');
      const answer = await verify(phone, code, 'login', second);
      expect(answer).toMatchObject({ status: 200, body: { user: { id: userId, phone }, expires_in: 600 } });
      expect(answer.body).not.toHaveProperty('reset_token');
      expect(await verify(phone, code, 'login')).toMatchObject(refused);
    });

    test('the right one many times at once over two processes, one gets in', async () => {
      pause();
      for (let round = 0; round < 3; round += 1) {
        const { phone } = await registerProven();
        const code = await codeFor(phone, 'login');
        const tries = Array.from({ length: 8 }, (_, index) => verify(phone, code, 'login', index % 2 ? first : second));
        const answers = await Promise.all(tries);
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
      }
    });

    test('five wrong ones kill it; the right one is then as wrong as they', async () => {
      pause();
      const { phone } = await registerProven();
      const code = await codeFor(phone, 'login');
      const wrong = [];
      for (let count = 0; count < 5; count += 1) wrong.push(await verify(phone, otherThan(code), 'login'));
      const late = await verify(phone, code, 'login');
      for (const answer of [...wrong, late]) expect(answer).toMatchObject(refused);
      const again = await codeFor(phone, 'login');
      expect((await verify(phone, again, 'login')).status).toBe(200);
    });

    test('one after five minutes, of another number, for another purpose or before the newest is wrong', async () => {
      pause();
      const [one, two] = [await registerProven(), await registerProven()];
      const code = await codeFor(one.phone, 'login');
      expect(await verify(one.phone, code, 'reset')).toMatchObject(refused);
      await codeFor(two.phone, 'login');
      expect(await verify(two.phone, code, 'login')).toMatchObject(refused);
      const newer = await codeFor(one.phone, 'login');
      if (newer !== code) expect(await verify(one.phone, code, 'login')).toMatchObject(refused);
      node.clock.advance(300_000);
      expect(await verify(one.phone, newer, 'login')).toMatchObject(refused);
    });

    test('any for a number that nobody has is wrong, also the one of a demonstration', async () => {
      pause();
      const module = await node.start({ demoCode: '000000' });
      const server = await serve(module.routes, module.tokens, node.clock);
      const stranger = newPhone();
      await request(stranger, 'verify', server);
      expect(await verify(stranger, '000000', 'verify', server)).toMatchObject(refused);
      const { phone, token } = await register();
      expect(await verify(phone, '000000', 'verify', server, token)).toMatchObject(refused);
      await request(phone, 'verify', server);
      expect((await verify(phone, '000000', 'verify', server, token)).status).toBe(200);
    });
  });

  describe('setting a new password', () => {
    const reset = (resetToken: string, password = NEW_PASSWORD, server = first) =>
      server.ask('POST', '/api/v1/auth/password/reset', { body: { reset_token: resetToken, new_password: password } });
    const mayReset = async (phone: string): Promise<string> => {
      const answer = await verify(phone, await codeFor(phone, 'reset'), 'reset');
      expect(Object.keys(answer.body)).toEqual(['reset_token']);
      return textIn(answer.body, 'reset_token');
    };

    test('works once, ends every session, and the old password opens nothing', async () => {
      pause();
      const { phone, refreshToken } = await registerProven();
      const resetToken = await mayReset(phone);
      expect((await reset(resetToken)).status).toBe(204);
      expect((await login(phone)).status).toBe(401);
      expect((await login(phone, NEW_PASSWORD)).status).toBe(200);
      expect((await refresh(refreshToken)).status).toBe(401);
      expect(await reset(resetToken)).toMatchObject({ status: 401, body: { code: 'invalid_reset_token' } });
    });

    test('many times at once over two processes works once', async () => {
      pause();
      const { phone } = await registerProven();
      const resetToken = await mayReset(phone);
      const wanted = Array.from({ length: 6 }, (_, index) => `${NEW_PASSWORD} ${index}`);
      const answers = await Promise.all(
        wanted.map((password, index) => reset(resetToken, password, index % 2 ? first : second)),
      );
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      const winner = wanted[answers.findIndex(({ status }) => status === 204)];
      expect((await login(phone, winner)).status).toBe(200);
    });

    test('that is refused leaves the token good; after 15 minutes it is not', async () => {
      pause();
      const { phone } = await registerProven();
      const resetToken = await mayReset(phone);
      expect(await reset(resetToken, 'skypark2026')).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'new_password' }] },
      });
      node.clock.advance(900_000);
      expect((await reset(resetToken)).status).toBe(401);
      expect((await reset('A'.repeat(43))).status).toBe(401);
    });
  });
});

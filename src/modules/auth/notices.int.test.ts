import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { NEW_PASSWORD, openCodeStage, PASSWORD, type CodeStage } from './codes.suite.ts';

describeWithDatabase('the owner of an account is told', () => {
  let stage: CodeStage;
  let before = 0;

  beforeAll(async () => {
    stage = await openCodeStage();
  });
  afterAll(() => stage?.node.close());
  beforeEach(() => {
    stage.pause();
    before = stage.node.told.length;
  });

  const told = () => stage.node.told.slice(before).map(({ notice }) => notice);
  const loginWith = (phone: string, userAgent: string) =>
    stage.first.ask('POST', '/api/v1/auth/login', {
      body: { phone, password: PASSWORD },
      headers: { 'user-agent': userAgent },
    });

  test('of a program that signs in for the first time, once, and not of one that is known or goes on', async () => {
    const { phone, userId, refreshToken } = await stage.register();
    expect((await loginWith(phone, 'A telephone')).status).toBe(200);
    expect(stage.node.told.slice(before)).toMatchObject([{ userId, notice: 'new_device' }]);
    expect((await loginWith(phone, 'A telephone')).status).toBe(200);
    expect((await stage.login(phone)).status).toBe(200);
    expect((await stage.refresh(refreshToken)).status).toBe(200);
    expect(told()).toEqual(['new_device']);
  });

  test('of a new device that signs in by a code, and of none that is refused', async () => {
    const { phone } = await stage.registerProven();
    const code = await stage.codeFor(phone, 'login');
    const show = (shown: string) =>
      stage.first.ask('POST', '/api/v1/auth/otp/verify', {
        body: { phone, code: shown, purpose: 'login' },
        headers: { 'user-agent': 'A tablet' },
      });
    expect((await show(stage.otherThan(code))).status).toBe(401);
    expect((await stage.login(phone, 'wrong horse')).status).toBe(401);
    expect(told()).toEqual([]);
    expect((await show(code)).status).toBe(200);
    expect(told()).toEqual(['new_device']);
  });

  test('of a password that was changed or set anew, and of none that was refused', async () => {
    const { phone, token } = await stage.registerProven();
    const change = (current: string) =>
      stage.first.ask('POST', '/api/v1/auth/password', {
        token,
        body: { current_password: current, new_password: NEW_PASSWORD },
      });
    expect((await change('wrong horse')).status).toBe(403);
    expect(told()).toEqual([]);
    expect((await change(PASSWORD)).status).toBe(204);
    const shown = await stage.verify(phone, await stage.codeFor(phone, 'reset'), 'reset');
    const body = { reset_token: shown.body['reset_token'], new_password: 'another yak in the rain' };
    expect((await stage.first.ask('POST', '/api/v1/auth/password/reset', { body })).status).toBe(204);
    expect(told()).toEqual(['password_changed', 'password_changed']);
    const occasions = stage.node.told.slice(before).map(({ occasion }) => occasion);
    expect(JSON.stringify(occasions)).not.toContain(NEW_PASSWORD);
  });

  test('when all sessions end, and when a token is shown that was traded long ago', async () => {
    const { refreshToken } = await stage.register();
    expect((await stage.refresh(refreshToken)).status).toBe(200);
    stage.node.clock.advance(60_000);
    expect((await stage.refresh(refreshToken)).status).toBe(401);
    expect((await stage.refresh(refreshToken)).status).toBe(401);
    expect(told()).toEqual(['session_stolen']);
    const { token } = await stage.register();
    expect((await stage.first.ask('POST', '/api/v1/auth/logout-all', { token })).status).toBe(204);
    expect(told()).toEqual(['session_stolen', 'signed_out_everywhere']);
  });

  test('no more than ten times an hour, and what was done stays done when nobody can be told', async () => {
    const { phone } = await stage.register();
    for (let count = 0; count < 12; count += 1) expect((await loginWith(phone, `Program ${count}`)).status).toBe(200);
    expect(told()).toHaveLength(10);
    const errors: unknown[] = [];
    const module = await stage.node.start({
      notifyOwner: () => Promise.reject(new Error('down')),
      onError: (error) => void errors.push(error),
    });
    stage.pause();
    const other = await stage.register();
    expect((await module.login(other.phone, PASSWORD, 'A telephone')).ok).toBe(true);
    expect(errors).toHaveLength(1);
  });
});

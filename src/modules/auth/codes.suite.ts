import { expect } from 'vitest';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import type { AuthModule } from './module.ts';

export const PASSWORD = 'correct horse battery';
export const NEW_PASSWORD = 'seven yaks in the snow';

type Purpose = 'login' | 'reset' | 'verify';

/** Two programs on one database, and what a guest does there with passwords and codes. */
export type CodeStage = Awaited<ReturnType<typeof openCodeStage>>;

export async function openCodeStage() {
  const node: AuthTestNode = await openAuthTestNode();
  const modules: readonly [AuthModule, AuthModule] = [await node.start(), await node.start()];
  const first: TestServer = await serve(modules[0].routes, modules[0].tokens, node.clock);
  const second: TestServer = await serve(modules[1].routes, modules[1].tokens, node.clock);
  return { node, modules, first, second, ...guestOf(node, first) };
}

function guestOf(node: AuthTestNode, first: TestServer) {
  let lastNumber = 100_000;

  const newPhone = (): string => `+996555${(lastNumber += 1)}`;
  const textIn = (body: Record<string, unknown>, field: string): string => {
    const value = body[field];
    if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(body)}`);
    return value;
  };
  async function register(phone = newPhone()) {
    const body = { phone, password: PASSWORD, name: 'Айгүл' };
    const answer = await first.ask('POST', '/api/v1/auth/register', { body });
    const userId = textIn(answer.body['user'] as Record<string, unknown>, 'id');
    return {
      phone,
      userId,
      token: textIn(answer.body, 'access_token'),
      refreshToken: textIn(answer.body, 'refresh_token'),
    };
  }
  const login = (phone: string, password = PASSWORD, server = first) =>
    server.ask('POST', '/api/v1/auth/login', { body: { phone, password } });
  const refresh = (refreshToken: string) =>
    first.ask('POST', '/api/v1/auth/refresh', { body: { refresh_token: refreshToken } });
  const request = (phone: string, purpose: Purpose, server = first) =>
    server.ask('POST', '/api/v1/auth/otp', { body: { phone, purpose } });
  const verify = (phone: string, code: string, purpose: Purpose, server = first, token?: string): Promise<Answer> =>
    server.ask('POST', '/api/v1/auth/otp/verify', {
      body: { phone, code, purpose },
      ...(token === undefined ? {} : { token }),
    });
  /** Asks for a code and answers what the telephone shows. */
  async function codeFor(phone: string, purpose: Purpose): Promise<string> {
    expect((await request(phone, purpose)).status).toBe(202);
    return node.sent.at(-1)?.code ?? 'none';
  }
  /** An account whose own device has verified its number. */
  async function registerProven() {
    const account = await register();
    const code = await codeFor(account.phone, 'verify');
    expect((await verify(account.phone, code, 'verify', first, account.token)).status).toBe(200);
    return account;
  }
  const otherThan = (code: string): string => (code === '111111' ? '222222' : '111111');
  const refused = { status: 401, body: { code: 'invalid_code' } };
  // Limits of an address are wide, but all tests are made from one.
  const pause = () => node.clock.advance(2 * 3_600_000);
  return {
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
  };
}

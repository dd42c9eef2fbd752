import { expect } from 'vitest';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import type { CommandRunner } from '../../kernel/command-runner.ts';
import { boundless, hmacSha1, openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import { totpCode } from './domain/totp.ts';
import type { AuthModule } from './module.ts';

export const PASSWORD = 'correct horse battery';
const AUTH = '/api/v1/auth';
const STEP_MS = 30_000;

/** A telephone with an authenticator app in it. */
export type App = {
  /** What it shows now, or so many steps of 30 s later. */
  code(stepsLater?: number): string;
};

/** Two programs on one database, and people with telephones. */
export type FactorStage = Awaited<ReturnType<typeof openFactorStage>>;

export async function openFactorStage(options: Parameters<AuthTestNode['start']>[0] = {}) {
  const node = await openAuthTestNode();
  const modules: readonly [AuthModule, AuthModule] = [
    await node.start({ limiter: boundless, ...options }),
    await node.start({ limiter: boundless, ...options }),
  ];
  const open = ({ routes, tokens, isFresh }: AuthModule): Promise<TestServer> =>
    serve(routes, tokens, node.clock, isFresh);
  const [first, second] = await Promise.all([open(modules[0]), open(modules[1])]);
  return { node, modules, first, second, open, ...peopleOf(node, modules[0], first) };
}

/** Of a process that dies before anything is written. */
const dead = (): Promise<never> => Promise.reject(new Error('the process is gone'));
export const deadRunner: CommandRunner = { run: dead, runAll: dead, stateOf: dead };

const textOf = (answer: Answer, field: string): string => {
  const value = answer.body[field];
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(answer.body)}`);
  return value;
};

/** Reads base32 back as bytes. */
function bytesOf(text: string): Uint8Array {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}

function peopleOf(node: AuthTestNode, module: AuthModule, first: TestServer) {
  let lastNumber = 100_000;
  const meta = { actor: 'system', correlationId: 'test' };

  const appOf = (secret: string): App => ({
    code: (stepsLater = 0) => totpCode(hmacSha1, bytesOf(secret), Math.floor(node.clock.now() / STEP_MS) + stepsLater),
  });
  async function register() {
    const phone = `+996555${(lastNumber += 1)}`;
    const body = { phone, password: PASSWORD, name: 'Айгүл' };
    const answer = await first.ask('POST', `${AUTH}/register`, { body });
    const user = answer.body['user'] as Record<string, unknown>;
    const [token, refreshToken] = [textOf(answer, 'access_token'), textOf(answer, 'refresh_token')];
    return { phone, userId: String(user['id']), token, refreshToken };
  }
  /** An account whose app counts; the clock has gone on, so that the code that confirmed it is not shown any more. */
  async function enrolled() {
    const account = await register();
    const begun = await first.ask('POST', `${AUTH}/second-factor/totp`, { token: account.token });
    expect(begun.status).toBe(201);
    const app = appOf(textOf(begun, 'secret'));
    const confirmed = await first.ask('POST', `${AUTH}/second-factor/totp/confirm`, {
      token: account.token,
      body: { code: app.code() },
    });
    expect(confirmed.status).toBe(200);
    node.clock.advance(2 * STEP_MS);
    const recoveryCodes = confirmed.body['recovery_codes'] as readonly string[];
    return { ...account, token: textOf(confirmed, 'access_token'), app, recoveryCodes };
  }
  const login = (phone: string, server = first, password = PASSWORD) =>
    server.ask('POST', `${AUTH}/login`, { body: { phone, password } });
  /** Shows the password and answers the challenge. */
  async function challengeOf(phone: string): Promise<string> {
    const asked = await login(phone);
    expect(asked).toMatchObject({ status: 202, body: { factors: ['totp'], expires_in: 300 } });
    return textOf(asked, 'challenge');
  }
  const answer = (challenge: string, proof: object, server = first) =>
    server.ask('POST', `${AUTH}/login/second-factor`, { body: { challenge, ...proof } });
  const stepUp = (token: string, proof: object, password = PASSWORD) =>
    first.ask('POST', `${AUTH}/step-up`, { token, body: { password, ...proof } });
  const makeStaff = (userId: string, role: 'gate' | 'admin' = 'gate') =>
    module.grantRole({ userId, role, parkId: role === 'admin' ? null : 'ala-archa' }, meta);
  return { appOf, register, enrolled, login, challengeOf, answer, stepUp, makeStaff, textOf };
}

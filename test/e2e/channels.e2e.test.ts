import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import {
  headerOf,
  readWords,
  startMailServer,
  textOfMail,
} from '../../src/infrastructure/messaging/mail-server.suite.ts';
import { startSmsOperator } from '../../src/infrastructure/messaging/sms-operator.suite.ts';
import { compose } from '../../src/main/compose.ts';
import { startApi } from '../../src/main/http-api.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, temporaryDataDir } from '../support/product.ts';

const PASSWORD = 'seven yaks in the snow';

type Readiness = {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly status: string }[];
};

/** The API of a product whose messages go to an operator and a mail server on this machine. */
async function startWithChannels() {
  const operator = await startSmsOperator();
  onTestFinished(() => operator.close());
  const mailServer = await startMailServer();
  onTestFinished(() => mailServer.close());
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const { login, password } = operator.stage;
  const access = {
    SMS_BASE_URL: operator.baseUrl,
    SMS_LOGIN: login,
    SMS_PASSWORD: password,
    SMS_SENDER: 'Sky Park',
    SMTP_URL: `smtp://us:p%40ss%3Aword@127.0.0.1:${mailServer.port}`,
    SMTP_FROM: 'Sky Park <tickets@park.example>',
  };
  const config = configOf(await localSettings(await temporaryDataDir(), { DATABASE_URL: url, ...access }));
  const lines: string[] = [];
  const log = createLogger({ level: 'trace' }, { write: (line) => void lines.push(line) });
  const app = await compose({ config, log, databaseUrl: url, canSetRole: true, clock: systemClock });
  const api = await startApi(app);
  onTestFinished(async () => {
    await api.drain();
    await app.close();
  });
  const root = `http://127.0.0.1:${config.port}`;
  const post = (path: string, body: object, token?: string) =>
    fetch(`${root}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
  async function register(phone: string, more: object = {}) {
    const answer = await post('/auth/register', { phone, password: PASSWORD, name: 'Айгүл', ...more });
    const body = (await answer.json()) as { readonly access_token: string; readonly user: { readonly id: string } };
    return { token: body.access_token, userId: body.user.id };
  }
  const metric = async (line: string) => (await app.metrics.metrics()).split('\n').includes(line);
  return { app, operator, mailServer, lines, root, post, register, metric };
}

describeWithDatabase('messages over configured channels', () => {
  test('a code comes to the telephone alone, and a notice by SMS and mail: no log holds any of it', async () => {
    const { app, operator, mailServer, lines, post, register, metric } = await startWithChannels();
    const [phone, email] = ['+996555123456', 'aigul@example.com'];
    const { token, userId } = await register(phone, { email, language: 'en' });
    expect((await post('/auth/otp', { phone, purpose: 'verify' })).status).toBe(202);
    await vi.waitFor(() => expect(operator.taken.size).toBe(1));
    const [sms] = operator.taken.values();
    expect(sms).toMatchObject({ phone: '996555123456', sender: 'Sky Park' });
    const code = /\d{6}/.exec(sms?.text ?? '')?.[0] ?? '';
    expect((await post('/auth/otp/verify', { phone, code, purpose: 'verify' }, token)).status).toBe(200);

    await app.modules.notify.notifyGuest({ noticeId: token, userId, notice: { kind: 'phone_verified' } });
    await app.modules.notify.sendMessages(new AbortController().signal);
    const words = 'The phone number was confirmed for your account.';
    expect([...operator.taken.values()].at(-1)?.text).toBe(words);
    expect(mailServer.taken[0]?.to).toEqual([email]);
    const source = mailServer.taken[0]?.source ?? '';
    expect(readWords(headerOf(source, 'subject') ?? '')).toBe('Your number is confirmed');
    expect(textOfMail(source)).toBe(words);
    expect(await metric('skypark_messages_total{channel="sms",outcome="sent"} 2')).toBe(true);
    expect(await metric('skypark_messages_total{channel="email",outcome="sent"} 1')).toBe(true);
    for (const secret of [code, phone.slice(1), email, words, operator.stage.password, 'p%40ss', 'p@ss']) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  test('the code of demonstrations counts nowhere that real codes are sent', async () => {
    const { operator, post, register } = await startWithChannels();
    const phone = '+996555123457';
    await register(phone);
    await post('/auth/otp', { phone, purpose: 'reset' });
    await vi.waitFor(() => expect(operator.taken.size).toBe(1));
    const isTheOne = [...operator.taken.values()][0]?.text.includes('000000') === true;
    const answer = await post('/auth/otp/verify', { phone, code: '000000', purpose: 'reset' });
    expect(answer.ok).toBe(isTheOne);
  });

  test('an operator that hangs holds up nobody: passwords, pages and probes work, and it is not asked after a while', async () => {
    const { operator, root, lines, post, register, metric } = await startWithChannels();
    const phones = Array.from({ length: 6 }, (_, index) => `+99655512346${index}`);
    for (const phone of phones) await register(phone);
    operator.stage.mood = 'silent';
    const asked = phones.slice(0, 5).map((phone) => post('/auth/otp', { phone, purpose: 'login' }));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    await vi.waitFor(() => expect(operator.calls).toHaveLength(5), 5000);

    const startedAt = performance.now();
    expect((await post('/auth/login', { phone: phones[0], password: PASSWORD })).status).toBe(200);
    expect((await fetch(`${root}/api/v1/parks`)).status).toBe(200);
    expect((await fetch(`${root}/health/live`)).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(5000);

    const isOpen = async () => expect(await metric('skypark_breaker_open{dependency="sms"} 1')).toBe(true);
    await vi.waitFor(isOpen, { timeout: 20_000, interval: 200 });
    expect((await post('/auth/otp', { phone: phones[5], purpose: 'login' })).status).toBe(202);
    const isTold = () => expect(lines.filter((line) => line.includes('not asked for a while'))).toHaveLength(1);
    await vi.waitFor(isTold, 5000);
    expect(operator.calls).toHaveLength(5);
    expect(await metric('skypark_messages_total{channel="sms",outcome="failed"} 6')).toBe(true);
    const readiness = await fetch(`${root}/health/ready`);
    const { status, checks } = (await readiness.json()) as Readiness;
    expect([readiness.status, status]).toEqual([200, 'ready']);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'sms', status: 'down', required: false }));
    expect((await post('/auth/login', { phone: phones[1], password: PASSWORD })).status).toBe(200);
  });
});

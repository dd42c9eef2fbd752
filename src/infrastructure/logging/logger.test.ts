import { describe, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { scrubText } from './scrub.ts';

const PHONE = '+996555123456';
const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJl';
const NAME = 'Айжаркын';
const EMAIL = 'aida@example.kg';

function capture(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ level: 'trace', fields: { node: 'hq' } }, { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

const databaseError = (): Error =>
  Object.assign(new Error(`duplicate key for ${PHONE}`), {
    code: '23505',
    detail: `Key (phone)=(${PHONE}) already exists for ${NAME}.`,
  });

const places: Record<string, (logger: ReturnType<typeof createLogger>) => void> = {
  'a field': (logger) => logger.info({ phone: PHONE, name: NAME, access_token: TOKEN, email: EMAIL }, 'x'),
  'a nested field': (logger) =>
    logger.info({ user: { profile: { first_name: NAME, phoneNumber: PHONE } }, list: [{ refreshToken: TOKEN }] }, 'x'),
  'the headers of a request': (logger) =>
    logger.info({ req: { headers: { authorization: `Bearer ${TOKEN}`, cookie: `__Host-refresh=${TOKEN}` } } }, 'x'),
  'the message': (logger) => logger.info(`sent to ${PHONE} with Bearer ${TOKEN} and ${EMAIL}`),
  'an argument of the message': (logger) => logger.info('sent to %s with %s', PHONE, TOKEN),
  'an object that is an argument of the message': (logger) =>
    logger.info('sent %o to %s', { name: NAME }, databaseError()),
  'the message of an error': (logger) => logger.error(databaseError()),
  'an error in a field': (logger) => logger.error({ err: databaseError() }, 'failed'),
  'an error in a field of another name': (logger) => logger.error({ problem: databaseError() }, 'failed'),
  'the cause of an error': (logger) => logger.error({ err: new Error('outer', { cause: databaseError() }) }, 'failed'),
  'the fields of a child logger': (logger) => logger.child({ phone: PHONE, user: { name: NAME } }).info('x'),
  'a free text under a harmless name': (logger) =>
    logger.info({ note: `call ${PHONE}, 0555 123 456 or 996555123456` }, 'x'),
  'a child of a family': (logger) => logger.info({ children: [{ name: NAME, birth_date: '2020-01-01' }] }, 'x'),
  'a body, an address and a code': (logger) =>
    logger.info({ body: { x: NAME }, url: `/users?phone=${PHONE}`, qr_code: TOKEN }, 'x'),
};

describe('what never reaches a log', () => {
  test.each(Object.entries(places))('a phone, a token, a name or an e-mail address in %s', (_place, write) => {
    const text = capture(write);
    expect(text).not.toBe('');
    for (const secret of [PHONE, '555123456', '555 123 456', TOKEN, NAME, EMAIL, '2020-01-01'])
      expect(text).not.toContain(secret);
  });

  test('the password of a connection address', () => {
    for (const user of ['skypark', '']) {
      expect(scrubText(`cannot reach redis://${user}:hunter2@redis:6379/0`)).not.toContain('hunter2');
    }
  });
});

describe('what a log keeps', () => {
  test('route, status, ids and figures stay readable', () => {
    const line: unknown = JSON.parse(
      capture((logger) =>
        logger.info(
          {
            route: 'GET /api/v1/tickets/:id',
            status: 200,
            ms: 1.25,
            request_id: '01936f2e-0000-7000-8000-000000000042',
          },
          'request',
        ),
      ),
    );
    expect(line).toMatchObject({
      level: 'info',
      node: 'hq',
      route: 'GET /api/v1/tickets/:id',
      status: 200,
      ms: 1.25,
      msg: 'request',
    });
    expect(line).toMatchObject({ request_id: '01936f2e-0000-7000-8000-000000000042' });
  });

  test('an error keeps its type, code and stack', () => {
    const line: unknown = JSON.parse(capture((logger) => logger.error({ err: databaseError() }, 'failed')));
    expect(line).toMatchObject({ err: { type: 'Error', code: '23505', message: 'duplicate key for [redacted]' } });
    expect(line).toMatchObject({ err: { stack: expect.stringContaining('logger.test.ts') } });
  });

  test('dates, times and positions are not taken for phones', () => {
    const text = 'position 1234567, 2026-12-05T06:30:00.000Z, 2026-12-05, 350.00';
    expect(scrubText(text)).toBe(text);
  });
});

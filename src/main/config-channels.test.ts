import { expect, test } from 'vitest';
import { examineConfig } from './config.ts';

const SMS = {
  SMS_BASE_URL: 'https://sms.example/',
  SMS_LOGIN: 'us',
  SMS_PASSWORD: 'a & b',
  SMS_SENDER: 'Sky Park',
};
const SMTP = { SMTP_URL: 'smtps://us:p%40ss@mail.example', SMTP_FROM: 'Парк Sky <tickets@park.example>' };

type Environment = Parameters<typeof examineConfig>[0];

const configOf = (environment: Environment) => examineConfig({ SKYPARK_MODE: 'demo', ...environment }, []);
/** What is wrong with the channels. */
const faultsOf = (environment: Environment): readonly string[] =>
  configOf(environment).faults.filter((fault) => /SMS|SMTP/.test(fault));

test('messages have no way out unless one is given', () => {
  expect(configOf({}).config).toMatchObject({ sms: null, smtp: null });
});

test('SMS is given with all of its access, or not at all', () => {
  expect(configOf(SMS).config.sms).toEqual({
    baseUrl: 'https://sms.example',
    login: 'us',
    password: 'a & b',
    sender: 'Sky Park',
  });
  for (const name of Object.keys(SMS)) {
    expect(faultsOf({ ...SMS, [name]: '' })).toEqual([expect.stringContaining(`${name} missing`)]);
  }
  expect(faultsOf({ ...SMS, SMS_SENDER: 'Скай Парк' })).toHaveLength(1);
});

test('production sends its SMS password over https alone', () => {
  const plain = { ...SMS, SMS_BASE_URL: 'http://sms.example' };
  expect(faultsOf(plain)).toEqual([]);
  expect(faultsOf({ ...plain, SKYPARK_MODE: 'production' })).toHaveLength(1);
  expect(faultsOf({ ...SMS, SKYPARK_MODE: 'production' })).toEqual([]);
});

test('mail is given with its server and its sender, or not at all', () => {
  expect(configOf(SMTP).config.smtp).toEqual({
    url: SMTP.SMTP_URL,
    from: { name: 'Парк Sky', address: 'tickets@park.example' },
  });
  expect(configOf({ ...SMTP, SMTP_FROM: 'tickets@park.example' }).config.smtp?.from.name).toBe('');
  for (const name of Object.keys(SMTP)) {
    expect(faultsOf({ ...SMTP, [name]: '' })).toEqual([expect.stringContaining(`${name} missing`)]);
  }
});

test.each([
  'nobody',
  'a@b@example.com',
  'Sky <a@example.com>, b@example.com',
  'Sky\r\nBcc: thief <a@example.com>',
  'a@example.com\r\nBcc: thief@example.com',
  '"Sky" <a@example.com>',
  '<>',
])('mails are not from %j', (SMTP_FROM) => expect(faultsOf({ ...SMTP, SMTP_FROM })).toHaveLength(1));

test.each(['mail.example', 'https://mail.example', 'smtp://', 'smtp://us:p%ss@mail.example'])(
  'no mail server is reached at %s, and no fault repeats its password',
  (SMTP_URL) => {
    const faults = faultsOf({ ...SMTP, SMTP_URL });
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('p%ss');
  },
);

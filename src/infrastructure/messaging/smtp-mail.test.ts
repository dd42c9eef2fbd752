import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { describeMessenger } from '../../modules/notify/application/messenger-contract.ts';
import { headerOf, readWords, startMailServer, textOfMail, type MailServerOptions } from './mail-server.suite.ts';
import { createSmtpMail, type SmtpOptions } from './smtp-mail.ts';

const TO = 'aigul@example.com';
const LOGIN = 'us:p%40ss%3Aword';

async function openStage(change: Partial<SmtpOptions> = {}, served: MailServerOptions = {}) {
  const server = await startMailServer(served);
  const alarms: string[] = [];
  const mail = createSmtpMail({
    url: `${served.secure === true ? 'smtps' : 'smtp'}://${LOGIN}@127.0.0.1:${server.port}`,
    from: { name: 'Парк Sky Park', address: 'tickets@park.example' },
    requireTls: false,
    timeoutMs: 1000,
    onAlarm: (reason) => alarms.push(reason),
    ...change,
  });
  const send = (letter: { to?: string; subject?: string; text?: string } = {}, messageId = 'message-1') =>
    mail.send({ messageId, letter: { to: TO, subject: 'Билет оплачен', text: 'QR-код — в приложении.', ...letter } });
  const close = async (): Promise<void> => {
    mail.close();
    await server.close();
  };
  return { server, alarms, mail, send, close };
}

/** A stage that goes with the test. */
async function stage(change: Partial<SmtpOptions> = {}, served: MailServerOptions = {}) {
  const opened = await openStage(change, served);
  onTestFinished(opened.close);
  return opened;
}

describeMessenger('SMTP', async () => {
  const { server, mail, close } = await openStage();
  const received = () => {
    const known = new Map(server.taken.map((taken) => [headerOf(taken.source, 'message-id'), taken]));
    return [...known.values()].map(({ to, source }) => ({ to: to.join(), text: textOfMail(source) }));
  };
  return { messenger: mail, to: TO, received, away: server.close, close };
});

describe('mails', () => {
  test('are plain text from the configured sender, and say that a machine wrote them', async () => {
    const { server, send } = await stage();
    expect(await send()).toEqual({ kind: 'sent' });
    const [taken] = server.taken;
    expect(taken).toMatchObject({ from: 'tickets@park.example', to: [TO] });
    const source = taken?.source ?? '';
    expect(readWords(headerOf(source, 'from') ?? '')).toBe('Парк Sky Park <tickets@park.example>');
    expect(readWords(headerOf(source, 'subject') ?? '')).toBe('Билет оплачен');
    expect(headerOf(source, 'to')).toBe(TO);
    expect(headerOf(source, 'message-id')).toBe('<message-1@park.example>');
    expect(headerOf(source, 'auto-submitted')).toBe('auto-generated');
    expect(headerOf(source, 'content-type')).toBe('text/plain; charset=utf-8');
    expect(textOfMail(source)).toBe('QR-код — в приложении.');
  });

  test('that follow each other share a connection', async () => {
    const { server, send } = await stage();
    for (let sent = 0; sent < 5; sent += 1) await send({}, `message-${sent}`);
    expect(server.taken).toHaveLength(5);
    expect(server.connections()).toBe(1);
  });

  test.each([
    'Оплачен\r\nBcc: thief@example.com',
    'Paid\nBcc: thief@example.com',
    'Paid\rBcc: thief@example.com\r\n\r\nbody of theirs',
  ])('get no header and no receiver from a subject or a name: %j', async (subject) => {
    const { server, send } = await stage({ from: { name: subject, address: 'tickets@park.example' } });
    expect(await send({ subject })).toEqual({ kind: 'sent' });
    expect(server.taken[0]?.to).toEqual([TO]);
    expect(headerOf(server.taken[0]?.source ?? '', 'bcc')).toBeUndefined();
    expect(textOfMail(server.taken[0]?.source ?? '')).toBe('QR-код — в приложении.');
  });

  test.each([
    '',
    'nobody',
    `${TO}, thief@example.com`,
    `${TO}\r\nBcc: thief@example.com`,
    `Aigul <${TO}>`,
    `"${TO} thief"@example.com`,
    `${TO}>\r\nRCPT TO:<thief@example.com`,
  ])('go to one plain address only, not to %j', async (to) => {
    const { server, send } = await stage();
    expect(await send({ to })).toMatchObject({ kind: 'refused' });
    expect(server.connections()).toBe(0);
  });
});

describe('what the server says', () => {
  test.each([
    ['to', 450, 'failed'],
    ['to', 550, 'refused'],
    ['to', 503, 'failed'],
    ['data', 451, 'failed'],
    ['data', 554, 'refused'],
    ['from', 451, 'failed'],
    ['to', 421, 'failed'],
  ] as const)('at %s, %i: %s, and repeats no address', async (at, code, kind) => {
    const { server, alarms, send } = await stage();
    server.stage.reply = { at, code };
    const outcome = await send();
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain('example.com');
    expect(alarms).toEqual([]);
    server.stage.reply = null;
    expect(await send()).toEqual({ kind: 'sent' });
  });

  test.each([
    ['from', 550],
    ['to', 530],
  ] as const)('of us, at %s, %i, sounds the alarm, and the mail may be tried again', async (at, code) => {
    const { server, alarms, send } = await stage();
    server.stage.reply = { at, code };
    expect(await send()).toEqual({ kind: 'failed', reason: alarms[0] });
  });

  test('of a wrong password sounds the alarm, and the mail may be tried again', async () => {
    const opened = await startMailServer();
    onTestFinished(opened.close);
    const { alarms, send } = await stage({ url: `smtp://us:wrong@127.0.0.1:${opened.port}` });
    expect(await send()).toEqual({ kind: 'failed', reason: 'the mail server does not take our user and password' });
    expect(alarms).toHaveLength(1);
    expect(opened.taken).toEqual([]);
  });
});

describe('a server that fails', () => {
  test('by hanging costs the time limit and no more, and is not asked after five tries', async () => {
    const { server, mail, send } = await stage({ timeoutMs: 150 });
    server.stage.hangs = true;
    const tries = Array.from({ length: 5 }, (_, index) => send({}, `message-${index}`));
    const outcomes = await Promise.all(tries);
    expect(outcomes.every(({ kind }) => kind === 'failed')).toBe(true);
    expect(mail.ready()).toBe(false);
    const connections = server.connections();
    expect(await send()).toMatchObject({ kind: 'failed', reason: expect.stringContaining('not asked') });
    expect(server.connections()).toBe(connections);
  });

  test('after it took the mail is asked again, and the receiver can tell that it is the same mail', async () => {
    const { server, send } = await stage();
    server.stage.drops = true;
    expect(await send()).toMatchObject({ kind: 'failed' });
    server.stage.drops = false;
    expect(await send()).toEqual({ kind: 'sent' });
    expect(new Set(server.taken.map(({ source }) => headerOf(source, 'message-id'))).size).toBe(1);
  });
});

/** A key and a certificate of this machine, signed by itself. */
function ownCertificate(context: TestContext): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  try {
    execFileSync('openssl', ['req', ...made, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  } catch {
    context.skip('there is no openssl here to make a certificate');
  }
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

describe('where TLS is required', () => {
  test.for([false, true])('mail and password go over it alone (from the first byte: %s)', async (secure, context) => {
    const tls = ownCertificate(context);
    const { server, send } = await stage({ requireTls: true, ca: tls.cert }, { tls, secure });
    expect(await send()).toEqual({ kind: 'sent' });
    expect(server.taken).toMatchObject([{ isEncrypted: true }]);
    expect(server.signIns).toEqual([{ user: 'us', isEncrypted: true }]);
  });

  test('a server without it gets neither password nor mail, and the alarm sounds', async () => {
    const { server, alarms, send } = await stage({ requireTls: true }, { offersTls: false });
    expect(await send()).toMatchObject({ kind: 'failed' });
    expect(alarms).toHaveLength(1);
    expect([server.signIns, server.taken]).toEqual([[], []]);
  });

  test.each([false, true])(
    'nor does a server whose certificate nobody trusts (from the first byte: %s)',
    async (secure) => {
      const { server, alarms, send } = await stage({ requireTls: true }, { offersTls: true, secure });
      expect(await send()).toMatchObject({ kind: 'failed' });
      expect(alarms).toHaveLength(1);
      expect([server.signIns, server.taken]).toEqual([[], []]);
    },
  );
});

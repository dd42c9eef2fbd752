import { describe, expect, onTestFinished, test } from 'vitest';
import { describeMessenger } from '../../modules/notify/application/messenger-contract.ts';
import { createNikitaSms, type NikitaOptions } from './nikita-sms.ts';
import { startSmsOperator, statusAnswer, type Mood } from './sms-operator.suite.ts';

const PHONE = '+996555123456';

async function openStage(change: Partial<NikitaOptions> = {}) {
  const operator = await startSmsOperator();
  const alarms: string[] = [];
  const sms = createNikitaSms({
    baseUrl: operator.baseUrl,
    login: operator.stage.login,
    password: operator.stage.password,
    sender: 'Sky Park',
    http: fetch,
    timeoutMs: 1000,
    onAlarm: (reason) => alarms.push(reason),
    ...change,
  });
  const send = (text = 'Билет төлөндү', messageId = 'message-1', to = PHONE) =>
    sms.send({ messageId, letter: { to, text } });
  const sendIn = (mood: Mood | null, messageId?: string) => {
    operator.stage.mood = mood;
    return send(undefined, messageId);
  };
  return { operator, alarms, sms, send, sendIn };
}

/** A stage that goes with the test. */
async function stage(change: Partial<NikitaOptions> = {}) {
  const opened = await openStage(change);
  onTestFinished(() => opened.operator.close());
  return opened;
}

describeMessenger('Nikita', async () => {
  const { operator, sms } = await openStage();
  return {
    messenger: sms,
    to: PHONE,
    received: () => [...operator.taken.values()].map(({ phone, text }) => ({ to: `+${phone}`, text })),
    away: operator.close,
    close: operator.close,
  };
});

describe('text messages through Nikita', () => {
  test('go as XML to the address of the operator, to the number in digits, under our sender name', async () => {
    const { operator, send } = await stage();
    await send();
    expect(operator.calls).toMatchObject([{ path: '/api/message', contentType: 'application/xml; charset=utf-8' }]);
    expect([...operator.taken.values()]).toMatchObject([{ phone: '996555123456', sender: 'Sky Park' }]);
  });

  test('an answer that was lost is asked for again, and the message goes out once', async () => {
    for (const mood of ['silent', 'cut off'] as const) {
      const { operator, sendIn } = await stage({ timeoutMs: 200 });
      expect(await sendIn(mood)).toMatchObject({ kind: 'failed' });
      expect(await sendIn(null)).toEqual({ kind: 'sent' });
      expect(operator.taken.size).toBe(1);
      expect(operator.calls).toHaveLength(2);
    }
  });

  test.each([
    [1, 'refused'],
    [2, 'failed'],
    [3, 'failed'],
    [4, 'failed'],
    [5, 'failed'],
    [6, 'refused'],
    [7, 'refused'],
    [8, 'refused'],
    [9, 'failed'],
    [10, 'sent'],
    [11, 'refused'],
    [99, 'failed'],
  ])('status %i: %s', async (status, kind) => {
    const { alarms, sendIn, sms } = await stage();
    const outcome = await sendIn({ status });
    expect(outcome.kind).toBe(kind);
    expect(alarms).toEqual([2, 3, 4, 5, 11].includes(status) && 'reason' in outcome ? [outcome.reason] : []);
    expect(sms.ready()).toBe(true);
  });

  test.each<[string, Mood]>([
    ['too busy', { httpStatus: 503 }],
    ['a redirect, which is not followed', { httpStatus: 307 }],
    ['no XML', { body: '<html>Welcome to our WiFi' }],
    ['no text at all', { body: Buffer.from([0xff, 0xfe, 0, 1]) }],
    ['an answer to another message', { body: statusAnswer('otherotherxx', 0) }],
    ['far too much', { body: statusAnswer('x', 0).padEnd(5_000_000) }],
    ['an answer without an end', 'endless'],
  ])('an operator that answers %s has not taken it', async (_, mood) => {
    const { operator, sendIn } = await stage({ timeoutMs: 300 });
    expect(await sendIn(mood)).toMatchObject({ kind: 'failed' });
    expect(operator.calls).toHaveLength(1);
  });

  test('an operator that never answers has not taken it, and the reason says so', async () => {
    const { sendIn } = await stage({ timeoutMs: 100 });
    expect(await sendIn('endless')).toEqual({ kind: 'failed', reason: 'the SMS operator did not answer in time' });
  });

  test('an operator that fails five times in a row is not asked for a while, and then tried again', async () => {
    const seen: boolean[] = [];
    const breaker = { failures: 5, openMs: 150 };
    const { operator, sms, sendIn } = await stage({ breaker, onBreaker: (isOpen) => seen.push(isOpen) });
    for (let tries = 0; tries < 5; tries += 1) await sendIn({ httpStatus: 503 }, `message-${tries}`);
    expect(sms.ready()).toBe(false);
    expect(await sendIn(null)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('not asked') });
    expect(operator.calls).toHaveLength(5);
    await new Promise((resolve) => setTimeout(resolve, breaker.openMs + 50));
    expect(await sendIn(null)).toEqual({ kind: 'sent' });
    expect(sms.ready()).toBe(true);
    expect([seen.at(0), seen.at(-1)]).toEqual([true, false]);
  });

  test('refusals of single messages keep nobody else from being told', async () => {
    const { operator, sendIn } = await stage();
    for (let tries = 0; tries < 12; tries += 1) await sendIn({ status: 7 }, `message-${tries}`);
    expect(operator.calls).toHaveLength(12);
    expect(await sendIn(null)).toEqual({ kind: 'sent' });
  });

  test.each(['', '996555123456', '+996 555', '+996555123456</phone><phone>996700000000', 'a@example.com'])(
    'nothing is sent to "%s", which is no number',
    async (to) => {
      const { operator, send } = await stage();
      expect(await send('x', 'message-1', to)).toMatchObject({ kind: 'refused' });
      expect(operator.calls).toEqual([]);
    },
  );
});

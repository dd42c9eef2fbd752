import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOfXml } from './sms-operator.suite.ts';
import { nikitaId, nikitaOutcome, nikitaRequest, nikitaStatus } from './nikita-message.ts';

const fields = { login: 'us', password: 'p', id: 'abc', sender: 'Sky Park', phone: '996555123456' };

describe('a request', () => {
  test('carries any text as it is written, and never markup of it', () => {
    const text = fc.string({ unit: 'binary' }).filter((written) => !/[^\t\n\u0020-\uD7FF\uE000-\uFFFD]/.test(written));
    fc.assert(
      fc.property(text, text, (written, password) => {
        const request = nikitaRequest({ ...fields, text: written, password });
        expect(textOfXml(request, 'text')).toBe(written);
        expect(textOfXml(request, 'pwd')).toBe(password);
        expect(request.replaceAll(/[^<]/g, '')).toHaveLength(17);
      }),
    );
  });

  test('leaves out what XML cannot carry: control characters and halves of characters', () => {
    const request = nikitaRequest({ ...fields, text: 'a\0\u001B\uD800b\r\n\uFFFF😀' });
    expect(textOfXml(request, 'text')).toBe('ab\n😀');
  });
});

test('a message has one id of 12 letters and digits, and no other message has it', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => nikitaId(`message-${index}`));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[0-9a-z]{12}$/.test(id))).toBe(true);
  expect(nikitaId('message-7')).toBe(ids[7]);
});

const answer = (inside: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<response>${inside}</response>\n`;

describe('an answer', () => {
  test.each([
    [answer('<id>abc</id><status>0</status><phones>1</phones><smscnt>2</smscnt>'), 0],
    [answer('\n  <status> 10 </status>\n  <message>repeated</message>'), 10],
    ['<response xmlns="urn:x"><status>7</status></response>', 7],
  ])('is read: %s', (text, status) => expect(nikitaStatus(text, 'abc')).toBe(status));

  test.each([
    '',
    'OK',
    '{"status":0}',
    answer(''),
    answer('<status></status>'),
    answer('<status>-1</status>'),
    answer('<status>0</status><status>4</status>'),
    answer('<id>other</id><status>0</status>'),
    answer('<!-- <status>0</status> -->'),
    `<!DOCTYPE response>${answer('<status>0</status>')}`,
    '<response><status>0</status>',
    `${answer('<status>0</status>')}<response>`,
    `${answer('<status>0</status>')}<html>`,
    answer('<status>&#48;</status>'),
  ])('is not understood: %s', (text) => expect(nikitaStatus(text, 'abc')).toBeNull());

  test('takes no long time to be found unreadable', () => {
    const parts = ['<response>', '</response>', '<status>', '<id>', ' ', '\n', '<', '>', '0'];
    const long = parts.map((part) => part.repeat(65_536 / part.length));
    for (const text of long) expect(nikitaStatus(`<response>${text}`, 'abc')).toBeNull();
    for (const text of long) expect(nikitaStatus(`${text}</response>x`, 'abc')).toBeNull();
  }, 2000);
});

test('every status says whether the message is sent, may be tried again, or never will be taken', () => {
  const kinds = Array.from({ length: 13 }, (_, status) => nikitaOutcome(status).kind);
  const [again, never, sent] = ['failed', 'refused', 'sent'];
  expect(kinds).toEqual([sent, never, again, again, again, again, never, never, never, again, sent, never, again]);
});

test('a person hears of what only a person can end', () => {
  const alarms = Array.from({ length: 13 }, (_, status) => status).filter((status) => {
    return nikitaOutcome(status).isAlarm === true;
  });
  expect(alarms).toEqual([2, 3, 4, 5, 11]);
});

import { createHash } from 'node:crypto';
import type { Judged } from './guarded-calls.ts';

export type NikitaMessage = {
  readonly login: string;
  readonly password: string;
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  /** Digits alone, the country's code first. */
  readonly phone: string;
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML 1.0 cannot carry in any form, halves of characters among it; and `\r`, which parsers change. */
const NOT_XML = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const escaped = (text: string): string =>
  text.replace(NOT_XML, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

export const nikitaRequest = ({ login, password, id, sender, text, phone }: NikitaMessage): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<message>',
    `<login>${escaped(login)}</login><pwd>${escaped(password)}</pwd>`,
    `<id>${escaped(id)}</id><sender>${escaped(sender)}</sender>`,
    `<text>${escaped(text)}</text>`,
    `<phones><phone>${escaped(phone)}</phone></phones>`,
    '</message>',
  ].join('');

/** An id has room for 12 letters and digits: 62 bits, too many for two messages of a month to meet. */
const ID_LENGTH = 12;

/** The operator's id of a message: always the same for the same message. */
export function nikitaId(messageId: string): string {
  const digest = createHash('sha256').update(messageId, 'utf8').digest('hex');
  return (BigInt(`0x${digest}`) % 36n ** BigInt(ID_LENGTH)).toString(36).padStart(ID_LENGTH, '0');
}

/**
 * The number that an answer gives as the status of our message; null when it is none that we understand. An answer is a flat
 * list of a few fields, so this is no parser: what looks like more than that is not understood.
 */
export function nikitaStatus(answer: string, id: string): number | null {
  if (/<!|<response[\s>][^]*<response[\s>]/.test(answer)) return null;
  const body = /<response(?:\s[^<>]*)?>([^]*)<\/response>\s*$/.exec(answer)?.[1];
  if (body === undefined) return null;
  const fields = (name: string): readonly string[] =>
    [...body.matchAll(new RegExp(`<${name}>([^<>]*)</${name}>`, 'g'))].map(([, value = '']) => value.trim());
  const [status = '', ...more] = fields('status');
  const isOurs = fields('id').every((named) => named === id);
  return isOurs && more.length === 0 && /^\d{1,3}$/.test(status) ? Number(status) : null;
}

const STATUSES: Readonly<Record<number, Judged>> = {
  0: { kind: 'sent' },
  1: { kind: 'refused', reason: 'the SMS operator cannot read the message' },
  2: { kind: 'failed', reason: 'the SMS operator does not take our login and password', isAlarm: true },
  3: { kind: 'failed', reason: 'the SMS operator does not take messages from our address', isAlarm: true },
  4: { kind: 'failed', reason: 'the account at the SMS operator is used up', isAlarm: true },
  5: { kind: 'failed', reason: 'the SMS operator has not approved our sender name', isAlarm: true },
  6: { kind: 'refused', reason: 'the SMS operator allows no such word' },
  7: { kind: 'refused', reason: 'the SMS operator knows no such number' },
  8: { kind: 'refused', reason: 'the SMS operator cannot read the time of sending' },
  // Also what it says when it is asked too much at once, so a later try may do.
  9: { kind: 'failed', reason: 'the SMS operator holds us for a spammer or has too much to do' },
  // It knows the id: an earlier try was taken, and its answer was lost.
  10: { kind: 'sent' },
  // Another try would meet its own id and count as sent.
  11: { kind: 'refused', reason: 'the SMS operator took the message and does not send it', isAlarm: true },
};

export const nikitaOutcome = (status: number): Judged =>
  STATUSES[status] ?? { kind: 'failed', reason: `the SMS operator gave status ${status}, which we do not know` };

import { describe, expect, test } from 'vitest';
import type { WhyCancelled } from '../contract.ts';
import {
  comesBack,
  pass,
  type PassCommand,
  type PassEvent,
  type PassRefusal,
  type PassState,
  type PassTerms,
} from './pass.ts';

const terms: PassTerms = {
  passId: 'pass',
  userId: 'guest',
  name: 'Winter pass',
  parkIds: ['ala-archa', 'osh'],
  validFrom: '2026-12-01',
  validTo: '2026-12-31',
  visits: 2,
  people: 3,
  priceTyiyn: 150_000n,
  paymentReference: 'receipt 17',
  issuedAtMs: 1,
};
const issue: PassCommand = { kind: 'issue', terms };
const book = (visitDate: string, change: Partial<PassCommand & { kind: 'book' }> = {}): PassCommand => ({
  kind: 'book',
  ticketId: `ticket of ${visitDate}`,
  userId: 'guest',
  parkId: 'ala-archa',
  visitDate,
  people: 3,
  ...change,
});
const back = (visitDate: string): PassCommand => ({ kind: 'return', ticketId: `ticket of ${visitDate}` });
const move = (from: string, visitDate: string): PassCommand => ({
  kind: 'move',
  ticketId: `ticket of ${from}`,
  visitDate,
});
const cancel: PassCommand = { kind: 'cancel', reason: 'sold by mistake', nowMs: 2 };

function told(...commands: readonly PassCommand[]): {
  readonly state: PassState;
  readonly events?: readonly string[];
  readonly refusal?: PassRefusal;
} {
  const { state, last } = commands.reduce<{ state: typeof pass.initial; last: ReturnType<typeof pass.decide> }>(
    (before, command) => {
      const decided = pass.decide(command, before.state);
      const events: readonly PassEvent[] = decided.ok ? decided.value : [];
      return { state: events.reduce(pass.evolve, before.state), last: decided };
    },
    { state: pass.initial, last: { ok: true, value: [] } },
  );
  return last.ok ? { state, events: last.value.map(({ type }) => type) } : { state, refusal: last.refusal };
}

describe('a pass', () => {
  test.each<[string, readonly PassCommand[], object]>([
    ['books a visit of each of its parks', [issue, book('2026-12-05'), book('2026-12-06', { parkId: 'osh' })], {}],
    ['on its first day', [issue, book('2026-12-01')], {}],
    ['and on its last', [issue, book('2026-12-31')], {}],
    ['again on a day that came back', [issue, book('2026-12-05'), back('2026-12-05'), book('2026-12-05')], {}],
    [
      'as often as wished when visits are not counted',
      [{ kind: 'issue', terms: { ...terms, visits: null } }, ...[1, 2, 3, 4, 5].map((day) => book(`2026-12-0${day}`))],
      {},
    ],
    [
      'no visit more than it has',
      [issue, book('2026-12-05'), book('2026-12-06'), book('2026-12-07')],
      { code: 'pass_used_up' },
    ],
    [
      'no two visits on one day, in whatever parks',
      [issue, book('2026-12-05'), book('2026-12-05', { ticketId: 'other', parkId: 'osh' })],
      { code: 'pass_day_taken' },
    ],
    ['nothing before its first day', [issue, book('2026-11-30')], { code: 'pass_not_valid', why: 'dates' }],
    ['nothing after its last', [issue, book('2027-01-01')], { code: 'pass_not_valid', why: 'dates' }],
    ['no other park', [issue, book('2026-12-05', { parkId: 'karakol' })], { code: 'pass_not_valid', why: 'park' }],
    [
      'no more people than it is for',
      [issue, book('2026-12-05', { people: 4 })],
      { code: 'pass_not_valid', why: 'people' },
    ],
    ['nothing for somebody else', [issue, book('2026-12-05', { userId: 'stranger' })], { code: 'pass_not_found' }],
    ['nothing for nobody', [issue, book('2026-12-05', { userId: null })], { code: 'pass_not_found' }],
    ['nothing once it is cancelled', [issue, cancel, book('2026-12-05')], { code: 'pass_not_valid', why: 'cancelled' }],
    ['nothing when there is none', [book('2026-12-05')], { code: 'pass_not_found' }],
  ])('books %s', (_what, commands, refusal) => {
    const expected = 'code' in refusal ? { refusal } : { events: ['PassVisitBooked'] };
    expect(told(...commands)).toMatchObject(expected);
  });

  test('gives a visit back once, and those that are booked stay when it is cancelled', () => {
    expect(told(issue, book('2026-12-05'), back('2026-12-05')).events).toEqual(['PassVisitReturned']);
    expect(told(issue, book('2026-12-05'), back('2026-12-05'), back('2026-12-05')).events).toEqual([]);
    const cancelled = told(issue, book('2026-12-05'), cancel);
    expect(cancelled).toMatchObject({ events: ['PassCancelled'], state: { cancelled: true } });
    expect(cancelled.state.booked).toHaveLength(1);
    expect(told(issue, cancel, cancel).events).toEqual([]);
    expect(told(issue, issue).events).toEqual([]);
  });

  test.each<[string, PassCommand, object]>([
    ['to a free day', move('2026-12-05', '2026-12-10'), { events: ['PassVisitMoved'] }],
    ['to where it is: nothing', move('2026-12-05', '2026-12-05'), { events: [] }],
    ['not to a day with a visit', move('2026-12-05', '2026-12-06'), { refusal: { code: 'pass_day_taken' } }],
    ['not beyond its dates', move('2026-12-05', '2027-01-01'), { refusal: { code: 'pass_not_valid', why: 'dates' } }],
    ['not when it never was', move('2026-12-08', '2026-12-09'), { refusal: { code: 'pass_not_found' } }],
  ])('moves a visit %s', (_what, command, expected) => {
    const outcome = told(issue, book('2026-12-05'), book('2026-12-06'), command);
    expect(outcome).toMatchObject(expected);
    expect(outcome.state.booked).toHaveLength(2);
  });

  test.each<[WhyCancelled, string, boolean]>([
    ['guest', '2026-12-04', true],
    ['staff', '2026-12-04', true],
    ['staff', '2026-12-05', false],
    ['day_closed', '2026-12-05', true],
    ['override', '2026-12-04', false],
    ['override', '2026-12-06', false],
  ])('a visit of the fifth that is cancelled by %s on %s comes back: %s', (why, today, expected) => {
    expect(comesBack(why, today, '2026-12-05')).toBe(expected);
  });
});

import { describe, expect, test } from 'vitest';
import { waitlistEntry, type WaitlistCommand, type WaitlistEvent } from './waitlist-entry.ts';

const entry = {
  entryId: 'entry',
  userId: 'guest',
  parkId: 'ala-archa',
  visitDate: '2026-12-08',
  children: [{ childId: null, name: 'Aibek', age: 5, birthDate: null }],
  adults: 1,
  places: 2,
  joinedAtMs: 1000,
};
const join: WaitlistCommand = { kind: 'join', entry };
const offer: WaitlistCommand = { kind: 'offer', ticketId: 'ticket', untilMs: 5000, nowMs: 2000 };
const accept = (nowMs = 3000, userId = 'guest'): WaitlistCommand => ({ kind: 'accept', userId, nowMs });
const leave = (userId = 'guest'): WaitlistCommand => ({ kind: 'leave', userId, nowMs: 3000 });
const drop: WaitlistCommand = { kind: 'drop', nowMs: 3000 };

/** The types of the events, or the refusal, of the last command. */
function last(...commands: readonly WaitlistCommand[]): readonly string[] | string {
  let state = waitlistEntry.initial;
  let answer: readonly string[] | string = [];
  for (const command of commands) {
    const decided = waitlistEntry.decide(command, state);
    const events: readonly WaitlistEvent[] = decided.ok ? decided.value : [];
    state = events.reduce((before, event) => waitlistEntry.evolve(before, event), state);
    answer = decided.ok ? events.map(({ type }) => type) : decided.refusal.code;
  }
  return answer;
}

describe('an entry of the waiting list', () => {
  test('is joined once, however often it is told', () => {
    expect(last(join)).toEqual(['WaitlistJoined']);
    expect(last(join, join)).toEqual([]);
  });

  test('is offered places once: a second offer would hold them for nobody', () => {
    expect(last(join, offer)).toEqual(['WaitlistOffered']);
    expect(last(join, offer, offer)).toBe('nothing_offered');
    expect(last(join, leave(), offer)).toBe('nothing_offered');
    expect(last(offer)).toBe('waitlist_entry_not_found');
  });

  test('is accepted while the offer stands, to the millisecond, and again without effect', () => {
    expect(last(join, accept())).toBe('nothing_offered');
    expect(last(join, offer, accept(4999))).toEqual(['WaitlistOfferAccepted']);
    expect(last(join, offer, accept(5000))).toBe('nothing_offered');
    expect(last(join, offer, accept(4999), accept(9000))).toEqual([]);
  });

  test('is left by its guest, waiting or offered, once', () => {
    expect(last(join, leave())).toEqual(['WaitlistLeft']);
    expect(last(join, offer, leave())).toEqual(['WaitlistLeft']);
    expect(last(join, leave(), leave())).toEqual([]);
  });

  test('of somebody else is not found', () => {
    expect(last(join, leave('stranger'))).toBe('waitlist_entry_not_found');
    expect(last(join, offer, accept(3000, 'stranger'))).toBe('waitlist_entry_not_found');
  });

  test('that cannot be sold any more is dropped while it waits', () => {
    expect(last(join, drop)).toEqual(['WaitlistLeft']);
    expect(last(join, offer, drop)).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionCommand, AdmissionEvent } from './admission-messages.ts';
import { admission } from './admission.ts';
import { admissionVoid, answeredVoid, type VoidCommand } from './void.ts';

const [OLD_DAY, NEW_DAY] = ['2026-12-05', '2026-12-07'];
const ticket = { ticketId: 'ticket', parkId: 'ala-archa', partySize: 3 };

const enter = (scanId: string, visitDate: string, people?: number): AdmissionCommand => ({
  ...ticket,
  visitDate,
  userId: 'user',
  kind: 'admit',
  scanId,
  people,
  reEntry: 'same_day',
  gate: 'main',
  saidAtMs: 900,
  scannedAtMs: 1_000,
  nodeId: 'park',
  overLimit: false,
  override: null,
});
/** Whom a gate that was cut off has let in. */
const alone = (
  scanId: string,
  visitDate: string,
  people: number,
  endedAs: 'cancelled' | 'revoked' | null = null,
): AdmissionCommand => ({ ...enter(scanId, visitDate, people), offline: { endedAs, incidentIds: ['1', '2', '3'] } });

type Asked = VoidCommand & { readonly voidId: string };
const asked = (why: VoidCommand['why'], visitDate: string, voidId: string = why): Asked => {
  return { ...ticket, why, visitDate, voidId, nowMs: 2_000 };
};
const moved = asked('moved', OLD_DAY);

function run(...commands: readonly (AdmissionCommand | Asked)[]) {
  const events: AdmissionEvent[] = [];
  const answers = commands.map((command) => {
    const state = events.reduce(admission.evolve, admission.initial);
    const decided = 'why' in command ? answeredVoid.decide(command, state) : admission.decide(command, state);
    if (!decided.ok) return decided.refusal;
    events.push(...decided.value);
    return decided.value.map(({ type }) => type).join();
  });
  return { answers, events, state: events.reduce(admission.evolve, admission.initial) };
}

describe('a day that a ticket was moved from', () => {
  test('ends at the gates, and the ticket goes on being good for its new day', () => {
    const { answers } = run(moved, enter('a', OLD_DAY), enter('b', NEW_DAY));
    expect(answers).toEqual(['AdmissionVoided', { code: 'revoked', remaining: 3 }, 'PeopleAdmitted']);
  });

  test('is the day of the ticket once somebody came in on it: nobody comes in on the other', () => {
    const { answers, events } = run(enter('a', OLD_DAY, 1), moved, enter('b', NEW_DAY), enter('c', OLD_DAY));
    expect(answers).toEqual(['PeopleAdmitted', 'VoidDenied', { code: 'already_used', remaining: 0 }, 'PeopleAdmitted']);
    expect(events[1]).toMatchObject({ data: { visitDate: OLD_DAY, voidId: 'moved', entered: 1 } });
  });

  test('ends also after somebody came in on the new one, by a code that the gates had heard of first', () => {
    const { answers } = run(enter('a', NEW_DAY, 1), moved, enter('b', OLD_DAY), enter('c', NEW_DAY));
    expect(answers).toEqual(['PeopleAdmitted', 'AdmissionVoided', { code: 'revoked', remaining: 0 }, 'PeopleAdmitted']);
  });

  test('with re-entry nobody comes in on one day who went out on the other', () => {
    const out: AdmissionCommand = { ...enter('b', OLD_DAY), kind: 'exit' };
    expect(run(enter('a', OLD_DAY), out, enter('c', NEW_DAY)).answers.at(-1)).toEqual({
      code: 'already_used',
      remaining: 0,
    });
  });

  test('whom a gate that was cut off let in on it counts before the answer; after it an incident tells', () => {
    expect(run(alone('a', OLD_DAY, 2), moved).answers).toEqual(['PeopleAdmitted', 'VoidDenied']);
    const late = run(moved, alone('a', OLD_DAY, 2));
    expect(late.events[1]).toMatchObject({ type: 'PeopleAdmittedInExcess', data: { outcome: 'revoked', people: 2 } });
    expect(run(enter('a', OLD_DAY), alone('b', NEW_DAY, 1)).events[1]).toMatchObject({
      type: 'PeopleAdmittedInExcess',
      data: { outcome: 'already_used', people: 1 },
    });
  });

  test('people in excess keep the day as well, unless the party came in on the other', () => {
    const before = run(alone('a', OLD_DAY, 2, 'revoked'), moved, enter('b', NEW_DAY));
    expect(before.answers).toEqual(['PeopleAdmittedInExcess', 'VoidDenied', { code: 'already_used', remaining: 0 }]);
    expect(run(enter('a', NEW_DAY), alone('b', OLD_DAY, 2, 'revoked'), moved).answers.at(-1)).toBe('AdmissionVoided');
  });

  test('says nothing against the end of the ticket, nor that against it', () => {
    expect(run(moved, asked('guest', NEW_DAY)).answers).toEqual(['AdmissionVoided', 'AdmissionVoided']);
    expect(run(asked('guest', NEW_DAY), moved).answers).toEqual(['AdmissionVoided', 'AdmissionVoided']);
    expect(run(moved, asked('guest', NEW_DAY), enter('a', NEW_DAY)).answers.at(-1)).toMatchObject({
      code: 'cancelled',
    });
    expect(run(moved, enter('a', NEW_DAY, 1), asked('guest', NEW_DAY)).answers.at(-1)).toBe('VoidDenied');
  });

  test('an end without a question still ends the ticket', () => {
    const { state } = run(moved);
    const { voidId: _voidId, ...end } = asked('guest', NEW_DAY);
    expect(admissionVoid.decide(end, state)).toMatchObject({ ok: true, value: [{ type: 'AdmissionVoided' }] });
  });

  test('in every order and however often it is told: people come in on one of the days, and the answer says on which', () => {
    const scan = fc.record({ day: fc.constantFrom(OLD_DAY, NEW_DAY), people: fc.integer({ min: 1, max: 3 }) });
    const step = fc.oneof(scan, fc.constant(moved));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const commands = steps.map((one, index) => ('day' in one ? enter(`${index}`, one.day, one.people) : one));
        const { events } = run(...commands, moved);
        const on = (day: string): number =>
          events.reduce(
            (sum, { type, data }) => (type === 'PeopleAdmitted' && data.visitDate === day ? sum + data.people : sum),
            0,
          );
        const answers = events.filter(({ type }) => type === 'AdmissionVoided' || type === 'VoidDenied');
        expect(Math.min(on(OLD_DAY), on(NEW_DAY))).toBe(0);
        expect(on(OLD_DAY) + on(NEW_DAY)).toBeLessThanOrEqual(ticket.partySize);
        expect(answers.map(({ type }) => type)).toEqual([on(OLD_DAY) > 0 ? 'VoidDenied' : 'AdmissionVoided']);
      }),
    );
  });
});

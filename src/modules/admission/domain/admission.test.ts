import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { PeopleAdmitted as PublishedPeopleAdmitted } from '../contract.ts';
import type { AdmissionCommand, AdmissionEvent, Passage, PeopleAdmitted, ReEntry } from './admission-messages.ts';
import { admission } from './admission.ts';

const PARTY = 4;

const scan = (
  kind: 'admit' | 'exit',
  scanId: string,
  people?: number,
  reEntry: ReEntry = 'none',
): AdmissionCommand => ({
  kind,
  scanId,
  people,
  reEntry,
  ticketId: 'ticket',
  userId: 'user',
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  partySize: PARTY,
  gate: 'main',
  saidAtMs: 900,
  scannedAtMs: 1_000,
  nodeId: 'hq',
  overLimit: false,
  override: null,
});

const isPassage = (event: AdmissionEvent): event is Passage =>
  event.type === 'PeopleAdmitted' || event.type === 'PeopleExited';

/** Runs scans in order; a refusal is told by its code and changes nothing. */
function run(...commands: readonly AdmissionCommand[]) {
  const events: Passage[] = [];
  const answers: string[] = [];
  for (const command of commands) {
    const decided = admission.decide(command, events.reduce(admission.evolve, admission.initial));
    const passages = decided.ok ? decided.value.filter(isPassage) : [];
    events.push(...passages);
    answers.push(
      decided.ok
        ? passages.map(({ type, data }) => `${type} ${data.people}`).join()
        : `${decided.refusal.code} ${decided.refusal.remaining}`,
    );
  }
  return { events, answers, state: events.reduce(admission.evolve, admission.initial) };
}

describe('coming in', () => {
  test('without a number the whole party comes in', () => {
    const { events } = run(scan('admit', 'a'));
    expect(events).toEqual([
      {
        type: 'PeopleAdmitted',
        data: {
          ticketId: 'ticket',
          userId: 'user',
          parkId: 'ala-archa',
          visitDate: '2026-12-05',
          partySize: 4,
          scanId: 'a',
          gate: 'main',
          saidAtMs: 900,
          scannedAtMs: 1_000,
          people: 4,
          places: [1, 2, 3, 4],
          entered: 4,
          inside: 4,
          remaining: 0,
          first: true,
          nodeId: 'hq',
          counted: 4,
          overLimit: false,
        },
      },
    ]);
  });

  test('a party may come in parts, and only the first part is the first', () => {
    const { events, answers } = run(scan('admit', 'a', 2), scan('admit', 'b'), scan('admit', 'c'));
    expect(answers).toEqual(['PeopleAdmitted 2', 'PeopleAdmitted 2', 'already_used 0']);
    expect(events.map(({ data }) => [data.places, data.remaining])).toEqual([
      [[1, 2], 2],
      [[3, 4], 0],
    ]);
    expect(events.map((event) => event.type === 'PeopleAdmitted' && event.data.first)).toEqual([true, false]);
  });

  test('nobody comes in by a scan that asks for more than are left', () => {
    expect(run(scan('admit', 'a', 3), scan('admit', 'b', 2), scan('admit', 'c', 1)).answers).toEqual([
      'PeopleAdmitted 3',
      'partly_used 1',
      'PeopleAdmitted 1',
    ]);
  });

  test('a scan told twice counts once and keeps its first result, also when it now asks for something else', () => {
    const { answers, state } = run(scan('admit', 'a', 1), scan('admit', 'a', 1), scan('exit', 'a', 1));
    expect(answers).toEqual(['PeopleAdmitted 1', '', '']);
    expect(state.scans['a']).toEqual({ outcome: 'admitted', people: 1, remaining: 3, incidentId: null });
  });
});

describe('going out', () => {
  test('only who is inside can go out', () => {
    expect(run(scan('exit', 'a')).answers).toEqual(['already_used 4']);
    expect(run(scan('admit', 'a', 2), scan('exit', 'b', 3), scan('exit', 'c'), scan('exit', 'd')).answers).toEqual([
      'PeopleAdmitted 2',
      'partly_used 2',
      'PeopleExited 2',
      'already_used 2',
    ]);
  });

  test('is never before the last coming in, whatever the gate says', () => {
    const at = (command: AdmissionCommand, ms: number) => ({ ...command, saidAtMs: ms, scannedAtMs: ms });
    const { events } = run(
      at(scan('admit', 'a', 2), 5_000),
      at(scan('admit', 'b', 1), 4_000),
      at(scan('exit', 'c', 1), 3_000),
      at(scan('exit', 'd', 1), 6_000),
    );
    expect(events.map(({ data }) => [data.saidAtMs, data.scannedAtMs])).toEqual([
      [5_000, 5_000],
      [4_000, 4_000],
      [3_000, 5_000],
      [6_000, 6_000],
    ]);
  });

  test('without re-entry nobody comes in again, the rest of the party does', () => {
    expect(run(scan('admit', 'a', 3), scan('exit', 'b'), scan('admit', 'c', 2), scan('admit', 'd')).answers).toEqual([
      'PeopleAdmitted 3',
      'PeopleExited 3',
      'partly_used 1',
      'PeopleAdmitted 1',
    ]);
  });

  test('with re-entry those who went out may come in again, those inside may not', () => {
    const again = (kind: 'admit' | 'exit', id: string, people?: number) => scan(kind, id, people, 'same_day');
    const { answers, events, state } = run(
      again('admit', 'a'),
      again('exit', 'b', 1),
      again('admit', 'c', 2),
      again('admit', 'd'),
    );
    expect(answers).toEqual(['PeopleAdmitted 4', 'PeopleExited 1', 'partly_used 1', 'PeopleAdmitted 1']);
    expect(events.at(-1)?.data).toMatchObject({ places: [1], entered: 4, inside: 4, remaining: 0, first: false });
    expect(state.inside).toEqual([1, 2, 3, 4]);
  });
});

describe('in any order of any scans', () => {
  const scans = (reEntry: ReEntry) =>
    fc.array(
      fc
        .record({
          kind: fc.constantFrom<'admit' | 'exit'>('admit', 'admit', 'exit'),
          id: fc.integer({ min: 0, max: 12 }),
          people: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        })
        .map(({ kind, id, people }) => scan(kind, `scan-${id}`, people, reEntry)),
      { maxLength: 30 },
    );

  /** Follows every place of the party through the events. */
  function expectPlausible(events: readonly Passage[], mayReturn: boolean): void {
    const inside = new Set<number>();
    const entered = new Set<number>();
    for (const { type, data } of events) {
      expect(data.places).toHaveLength(data.people);
      for (const place of data.places) {
        expect(place).toBeGreaterThanOrEqual(1);
        expect(place).toBeLessThanOrEqual(PARTY);
        expect(inside.has(place)).toBe(type === 'PeopleExited');
        if (type === 'PeopleAdmitted' && !mayReturn) expect(entered.has(place)).toBe(false);
        entered.add(place);
        if (type === 'PeopleAdmitted') inside.add(place);
        else inside.delete(place);
      }
      expect(data).toMatchObject({ entered: entered.size, inside: inside.size });
    }
  }

  test('without re-entry no more people come in than the party has', () => {
    fc.assert(
      fc.property(scans('none'), (commands) => {
        const { events } = run(...commands);
        const admitted = events.filter(({ type }) => type === 'PeopleAdmitted');
        expect(admitted.reduce((sum, { data }) => sum + data.people, 0)).toBeLessThanOrEqual(PARTY);
        expectPlausible(events, false);
      }),
    );
  });

  test('with re-entry no place is inside twice', () => {
    fc.assert(fc.property(scans('same_day'), (commands) => expectPlausible(run(...commands).events, true)));
  });

  test('telling all scans again changes nothing', () => {
    fc.assert(
      fc.property(scans('none'), (commands) => {
        const once = run(...commands);
        const counted = commands.filter(({ scanId }) => Object.hasOwn(once.state.scans, scanId));
        expect(run(...commands, ...counted).events).toEqual(once.events);
      }),
    );
  });
});

test('what happens inside is what is published', () => {
  expectTypeOf<PeopleAdmitted>().toExtend<PublishedPeopleAdmitted>();
});

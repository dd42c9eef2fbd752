import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admission } from './admission.ts';
import type {
  AdmissionCommand,
  AdmissionEvent,
  AdmissionRecounted,
  AdmissionState,
  ReEntry,
} from './admission-messages.ts';
import { countPassages, recountedAdmission } from './recount.ts';
import { answeredVoid, type VoidCommand } from './void.ts';

const PARTY = 2;
const incidentIds = ['incident 1', 'incident 2'];
const ticket = { ticketId: 'ticket', userId: 'user', parkId: 'ala-archa', partySize: PARTY };
const offline = { endedAs: null, incidentIds };

type Scan = {
  readonly kind?: 'admit' | 'exit';
  readonly people?: number;
  readonly atMs?: number;
  readonly reEntry?: ReEntry;
  readonly visitDate?: string;
};

const scan = (
  scanId: string,
  { kind = 'admit', people = PARTY, atMs = 1_000, ...more }: Scan = {},
): AdmissionCommand => ({
  ...ticket,
  kind,
  scanId,
  people,
  reEntry: more.reEntry ?? 'none',
  visitDate: more.visitDate ?? '2026-12-05',
  gate: 'main',
  saidAtMs: atMs,
  scannedAtMs: atMs,
  nodeId: 'park',
  overLimit: false,
  override: null,
  offline,
});

const fold = (events: readonly AdmissionEvent[]): AdmissionState => events.reduce(admission.evolve, admission.initial);

/** What one life wrote, which knew of nothing but itself. */
function life(...scans: readonly AdmissionCommand[]): readonly AdmissionEvent[] {
  const events: AdmissionEvent[] = [];
  for (const one of scans) {
    const decided = admission.decide(one, fold(events));
    events.push(...(decided.ok ? decided.value : []));
  }
  return events;
}

/** What the newest passage of them says. */
function toldBy(events: readonly AdmissionEvent[]) {
  const last = events.findLast((event) => 'inside' in event.data && event.type !== 'AdmissionVoided');
  return last !== undefined && 'inside' in last.data ? last.data : { entered: 0, inside: 0 };
}

function recount(events: readonly AdmissionEvent[], reEntry: ReEntry = 'none', told = toldBy(events)) {
  const { entered, inside } = told;
  const command = { ...ticket, reEntry, told: { entered, inside }, incidentIds, nodeId: 'park', nowMs: 9_000 };
  const decided = recountedAdmission.decide(command, fold(events));
  const recounted = (decided.ok ? decided.value : []) as readonly AdmissionRecounted[];
  return { recounted, after: [...events, ...recounted] };
}

const A = scan('a', { atMs: 1_000 });
const B = scan('b', { atMs: 2_000 });

describe('a ticket by which two lives of a log let people in', () => {
  test.each([
    ['before', [...life(B), ...life(A)]],
    ['after', [...life(A), ...life(B)]],
  ])('is counted anew, with an incident for each place, where what was lost comes %s', (_what, events) => {
    const { recounted, after } = recount(events);
    expect(recounted).toEqual([
      {
        type: 'AdmissionRecounted',
        data: {
          ...ticket,
          visitDate: '2026-12-05',
          scanId: 'b',
          scannedAtMs: 2_000,
          entered: 2,
          inside: 4,
          excess: 2,
          remaining: 0,
          incidents: incidentIds.map((incidentId, index) => ({
            incidentId,
            place: index + 1,
            winner: { scanId: 'a', scannedAtMs: 1_000, nodeId: 'park', gate: 'main' },
            scanIds: ['a', 'b'],
          })),
          nodeId: 'park',
          recountedAtMs: 9_000,
        },
      },
    ]);
    expect(recount(after).recounted).toEqual([]);
    expect(fold(after)).toMatchObject({ inside: [1, 2], excessInside: 2, excess: 2, counted: 4, day: '2026-12-05' });
  });

  test('moves no counter, as those of the day go on by themselves', () => {
    const [event] = recount([...life(B), ...life(A)]).recounted;
    expect(event && admission.transfersOf?.(event)).toEqual([]);
  });

  test('lets all of them out again', () => {
    const { after } = recount([...life(B), ...life(A)]);
    const out = admission.decide(scan('out', { kind: 'exit', people: 4, atMs: 10_000 }), fold(after));
    expect(out).toMatchObject({ ok: true, value: [{ data: { people: 4, inside: 0, counted: 4 } }] });
  });

  test('has no incident where both let in a part of the party, but one more came in', () => {
    const [one, other] = [scan('a', { people: 1 }), scan('b', { people: 1, atMs: 2_000 })];
    const { recounted, after } = recount([...life(other), ...life(one)]);
    expect(recounted).toMatchObject([{ data: { entered: 2, inside: 2, excess: 0, remaining: 0, incidents: [] } }]);
    expect(admission.decide(scan('c', { people: 1 }), fold(after))).toMatchObject({
      value: [{ type: 'PeopleAdmittedInExcess' }],
    });
  });

  test('by one scan, which a device brought to both, has nothing to be told', () => {
    const events = [...life(A), ...life(A)];
    expect(fold(events)).toEqual(fold(life(A)));
    expect(recount(events).recounted).toEqual([]);
  });

  test('by one scan of which one life told in excess, has as many inside as came in', () => {
    const [alone, after] = [life(A), life(scan('x', { atMs: 500 }), A)];
    for (const events of [
      [...alone, ...after],
      [...after, ...alone],
    ]) {
      const right = { excess: 2, inside: [1, 2], excessInside: 2, entries: [{ people: 2 }, { people: 2 }] };
      expect(fold(recount(events).after)).toMatchObject(right);
    }
  });

  test('keeps what went out by one scan that both told of once', () => {
    const out = scan('out', { kind: 'exit', atMs: 3_000 });
    const events = [...life(A, out), ...life(A, out)];
    expect(fold(events)).toMatchObject({ inside: [], excessInside: 0, exits: [{ people: 2 }] });
    expect(recount(events).recounted).toEqual([]);
  });

  test('is put right where the newest passage says otherwise than all of them', () => {
    const before = life(scan('z', { people: 1 }));
    const lost = [...before, ...life(scan('z', { people: 1 }), scan('a', { people: 1, atMs: 2_000 })).slice(1)];
    const since = life(scan('z', { people: 1 }), scan('out', { kind: 'exit', people: 1, atMs: 3_000 })).slice(1);
    const { recounted } = recount([...before, ...since, ...lost.slice(1)], 'none', toldBy(since));
    expect(recounted).toMatchObject([{ data: { inside: 1, entered: 2, excess: 0 } }]);
  });
});

describe('a ticket that one life has ended', () => {
  const lifeOf = (command: Partial<VoidCommand>, ...before: readonly AdmissionEvent[]): readonly AdmissionEvent[] => {
    const asked = { ...ticket, visitDate: A.visitDate, why: 'guest' as const, nowMs: 1_500, voidId: 'question' };
    const decided = answeredVoid.decide({ ...asked, ...command }, fold(before));
    return [...before, ...(decided.ok ? decided.value : [])];
  };

  test.each([
    ['before', [...life(B), ...lifeOf({})]],
    ['after', [...lifeOf({}), ...life(B)]],
  ])('was good for nobody whom another one let in, where the end comes %s', (_what, events) => {
    const { recounted, after } = recount(events);
    const scans = ['b'];
    expect(recounted).toMatchObject([
      {
        data: {
          inside: 2,
          excess: 2,
          incidents: [
            { place: 1, scanIds: scans },
            { place: 2, scanIds: scans },
          ],
        },
      },
    ]);
    expect(recount(after).recounted).toEqual([]);
  });

  test('for a day is good on the other one', () => {
    const moved = lifeOf({ why: 'moved' });
    const other = life(scan('b', { visitDate: '2026-12-06' }));
    expect(recount([...other, ...moved]).recounted).toEqual([]);
    expect(recount([...life(B), ...moved]).recounted).toMatchObject([{ data: { excess: 2, inside: 2 } }]);
  });

  test('was good for nobody by an old code either', () => {
    const old = { ...scan('c', { people: 1, atMs: 3_000 }), offline: { ...offline, endedAs: 'revoked' as const } };
    const { recounted } = recount([...life(scan('b', { people: 1 }), old), ...lifeOf({})]);
    expect(recounted).toMatchObject([{ data: { inside: 2, excess: 2, incidents: [{ place: 1 }, { place: 2 }] } }]);
  });

  test('because a manager insisted has nobody in excess who was in by then', () => {
    const insisted = lifeOf({ override: true }, ...life(A));
    expect(recount([...insisted, ...life(A)]).recounted).toEqual([]);
  });
});

describe('with re-entry', () => {
  const again: Scan = { reEntry: 'same_day' };
  const out = scan('out', { ...again, kind: 'exit', atMs: 1_500 });
  const [first, second] = [scan('a', again), scan('b', { ...again, atMs: 2_000 })];

  test('nobody is in excess who came in when the others had gone out', () => {
    const { recounted, after } = recount([...life(second), ...life(first, out)], 'same_day');
    expect(recounted).toMatchObject([{ data: { inside: 2, excess: 0, entered: 2, incidents: [] } }]);
    expect(recount(after, 'same_day').recounted).toEqual([]);
  });

  test('without it they are', () => {
    expect(recount([...life(B), ...life(A, out)]).recounted).toMatchObject([{ data: { inside: 2, excess: 2 } }]);
  });

  test('they are in excess as long as the others were inside', () => {
    const late = scan('out', { ...again, kind: 'exit', atMs: 2_500 });
    expect(recount([...life(second), ...life(first, late)], 'same_day').recounted).toMatchObject([
      { data: { inside: 2, excess: 2, remaining: 0 } },
    ]);
  });
});

describe('a ticket that was moved', () => {
  test('is good on one of its days: who came on the other is in excess, though not above the party', () => {
    const one = scan('a', { people: 1 });
    const other = scan('b', { people: 1, atMs: 90_000_000, visitDate: '2026-12-06' });
    expect(recount([...life(other), ...life(one)]).recounted).toMatchObject([
      { data: { visitDate: '2026-12-06', entered: 1, inside: 2, excess: 1, incidents: [{ place: 1 }] } },
    ]);
  });

  test('whoever came in in excess before is counted beside those who came on the other day', () => {
    const [one, other] = [
      scan('a', { people: 1 }),
      scan('b', { people: 1, atMs: 90_000_000, visitDate: '2026-12-06' }),
    ];
    const old = { ...scan('c', { people: 1 }), offline: { ...offline, endedAs: 'revoked' as const } };
    const { recounted, after } = recount([...life(other), ...life(one, old)]);
    expect(recounted).toMatchObject([{ data: { entered: 1, inside: 3, excess: 2 } }]);
    expect(recount(after).recounted).toEqual([]);
  });

  test('whoever came in in excess by its old code takes no place', () => {
    const old = { ...A, offline: { ...offline, endedAs: 'revoked' as const } };
    const { recounted } = recount([...life(scan('b', { people: 1, atMs: 2_000 })), ...life(old)]);
    expect(recounted).toMatchObject([{ data: { entered: 1, inside: 3, excess: 2, remaining: 1 } }]);
  });
});

test('what one life has told needs no recount, whatever it was, where nobody comes in again', () => {
  const passage = fc.record({
    kind: fc.constantFrom('admit', 'admit', 'exit'),
    people: fc.integer({ min: 1, max: 3 }),
    atMs: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(passage, { maxLength: 8 }), (passages) => {
      const events = life(...passages.map((one, index) => scan(`scan ${index}`, one)));
      expect(recount(events).recounted).toEqual([]);
    }),
  );
});

test('the count is the same whatever the order in which passages came to be known, and is told once', () => {
  const passage = fc.record({
    kind: fc.constantFrom('admit', 'admit', 'exit'),
    people: fc.integer({ min: 1, max: 3 }),
    atMs: fc.integer({ min: 1, max: 20 }),
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(passage, { maxLength: 8 }), fc.constantFrom('none', 'same_day'), (passages, reEntry) => {
      const of = (lost: boolean) =>
        life(
          ...passages.flatMap(({ isLost, ...one }, index) =>
            isLost === lost ? [scan(`scan ${index}`, { ...one, reEntry })] : [],
          ),
        );
      const orders = [
        [...of(true), ...of(false)],
        [...of(false), ...of(true)],
      ];
      const counts = orders.map((events) => countPassages(fold(events), PARTY, reEntry));
      expect(counts[1]).toMatchObject({ inside: counts[0]?.inside, excess: counts[0]?.excess });
      for (const events of orders) expect(recount(recount(events, reEntry).after, reEntry).recounted).toEqual([]);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admission } from './admission.ts';
import type { AdmissionCommand, AdmissionEvent, AdmissionState, PeopleAdmittedInExcess } from './admission-messages.ts';
import { incident, type ResolveIncident } from './incident.ts';
import { admissionVoid } from './void.ts';

const PARTY = 4;
const incidentIds = Array.from({ length: PARTY }, (_, index) => `incident ${index + 1}`);

type Scan = {
  readonly people?: number;
  readonly atMs?: number;
  readonly nodeId?: string;
  readonly endedAs?: 'cancelled' | 'revoked';
};

/** A scan of a gate that was cut off and let people in. */
const letIn = (scanId: string, { people = PARTY, atMs = 1_000, nodeId = 'hq', endedAs }: Scan = {}) =>
  ({
    kind: 'admit',
    scanId,
    people,
    reEntry: 'none',
    ticketId: 'ticket',
    userId: 'user',
    parkId: 'ala-archa',
    visitDate: '2026-12-05',
    partySize: PARTY,
    gate: 'main',
    saidAtMs: atMs,
    scannedAtMs: atMs,
    nodeId,
    overLimit: false,
    override: null,
    offline: { endedAs: endedAs ?? null, incidentIds },
  }) satisfies AdmissionCommand;

const asked = (scanId: string, people?: number): AdmissionCommand => {
  const { offline: _offline, ...command } = letIn(scanId);
  return { ...command, people };
};

function run(commands: readonly AdmissionCommand[], before: readonly AdmissionEvent[] = []) {
  const events = [...before];
  const states: AdmissionState[] = [];
  for (const command of commands) {
    const decided = admission.decide(command, events.reduce(admission.evolve, admission.initial));
    events.push(...(decided.ok ? decided.value : []));
    states.push(events.reduce(admission.evolve, admission.initial));
  }
  const last = events.findLast((event): event is PeopleAdmittedInExcess => event.type === 'PeopleAdmittedInExcess');
  const state = states.at(-1) ?? admission.initial;
  const inside = events
    .flatMap((event) => admission.transfersOf?.(event) ?? [])
    .reduce((sum, { to, amount }) => sum + (to?.endsWith('inside') === true ? amount : -amount), 0);
  return { events, state, incidents: last?.data.incidents ?? [], inside };
}

describe('people whom a gate that was cut off has let in', () => {
  test('are an ordinary admission where the ticket was good for them', () => {
    const { events, state } = run([letIn('a', { people: 3 })]);
    expect(events.map(({ type }) => type)).toEqual(['PeopleAdmitted']);
    expect(state.scans['a']).toEqual({ outcome: 'admitted', people: 3, remaining: 1, incidentId: null });
  });

  test('on places that were used are an incident for each, and counted as inside', () => {
    const { state, incidents, inside } = run([letIn('a', { atMs: 2_000 }), letIn('b', { people: 2, atMs: 1_000 })]);
    expect(state.scans['b']).toEqual({ outcome: 'already_used', people: 2, remaining: 0, incidentId: 'incident 1' });
    expect(incidents).toMatchObject([
      { incidentId: 'incident 1', place: 1, winner: { scanId: 'b', scannedAtMs: 1_000 }, scanIds: ['b', 'a'] },
      { incidentId: 'incident 2', place: 2, winner: { scanId: 'b' }, scanIds: ['b', 'a'] },
    ]);
    expect(inside).toBe(6);
  });

  test('over the limit are told of as such, admitted and in excess together', () => {
    const full = { overLimit: true };
    const { events } = run([
      { ...letIn('a', { people: 3 }), ...full },
      { ...letIn('b', { people: 3 }), ...full },
    ]);
    expect(events.map(({ type, data }) => [type, 'people' in data && data.people])).toEqual([
      ['PeopleAdmitted', 3],
      ['EntryLimitExceeded', 3],
      ['PeopleAdmitted', 1],
      ['PeopleAdmittedInExcess', 2],
      ['EntryLimitExceeded', 3],
    ]);
    const { transfersOf } = admission;
    for (const event of events) for (const { overdraws } of transfersOf?.(event) ?? []) expect(overdraws).toBe(true);
  });

  test('are admitted as far as the ticket is good, and an incident beyond', () => {
    const { events, state, inside } = run([letIn('a', { people: 3 }), letIn('b', { people: 3 })]);
    expect(events.map(({ type, data }) => [type, 'people' in data && data.people])).toEqual([
      ['PeopleAdmitted', 3],
      ['PeopleAdmitted', 1],
      ['PeopleAdmittedInExcess', 2],
    ]);
    expect(state.scans['b']).toMatchObject({ outcome: 'partly_used', people: 3 });
    expect(inside).toBe(6);
  });

  test.each<[string, Scan]>([
    ['voided', {}],
    ['cancelled', { endedAs: 'cancelled' }],
  ])('on a ticket that was %s are an incident', (how, scan) => {
    const ended = admissionVoid.decide(
      { ticketId: 'ticket', parkId: 'ala-archa', visitDate: '2026-12-05', partySize: PARTY, why: 'guest', nowMs: 0 },
      admission.initial,
    );
    const { state, incidents } = run(
      [letIn('a', { people: 1, ...scan })],
      how === 'voided' && ended.ok ? ended.value : [],
    );
    expect(state.scans['a']).toMatchObject({ outcome: 'cancelled', people: 1, incidentId: 'incident 1' });
    expect(incidents).toMatchObject([{ winner: { scanId: 'a' }, scanIds: ['a'] }]);
    expect(state.entered).toEqual([]);
  });

  describe('on the day from which their ticket had been moved', () => {
    const old = (scanId: string, people: number) => letIn(scanId, { people, endedAs: 'revoked' });
    const onNewDay = (command: AdmissionCommand): AdmissionCommand => ({ ...command, visitDate: '2026-12-08' });
    const out = (scanId: string, people?: number): AdmissionCommand => ({ ...asked(scanId, people), kind: 'exit' });
    const transfers = (events: readonly AdmissionEvent[]) =>
      events.flatMap((event) => admission.transfersOf?.(event) ?? []).map(({ to, amount }) => `${to ?? ''} ${amount}`);

    test('are an incident, and leave the ticket good for its new day', () => {
      const { state, incidents } = run([old('a', 2), onNewDay(asked('b'))]);
      expect(state.scans['a']).toMatchObject({ outcome: 'revoked', people: 2, incidentId: 'incident 1' });
      expect(incidents).toMatchObject([{ winner: { scanId: 'a' } }, { winner: { scanId: 'a' } }]);
      expect(state.scans['b']).toMatchObject({ outcome: 'admitted', people: PARTY });
    });

    test('are counted on the day on which they came, coming and going', () => {
      const { events, inside } = run([old('a', 3), onNewDay(out('b'))]);
      expect(transfers(events)).toEqual(['entry/ala-archa/2026-12-05/inside 3', 'entry/ala-archa/2026-12-05/room 3']);
      expect(inside).toBe(0);
    });

    test.each([
      ['never went out', [old('a', 2), onNewDay(asked('b')), onNewDay(out('c'))]],
      ['are told of late', [onNewDay(asked('b')), old('a', 2), onNewDay(out('c'))]],
    ])('and %s take nothing from the counters of the new day', (_how, commands) => {
      const { events } = run(commands);
      const ofNewDay = transfers(events).filter((text) => text.includes('2026-12-08'));
      expect(ofNewDay).toEqual(['entry/ala-archa/2026-12-08/inside 4', 'entry/ala-archa/2026-12-08/room 4']);
    });
  });

  test('go out again, all of them', () => {
    const out = (scanId: string, people?: number): AdmissionCommand => ({ ...asked(scanId, people), kind: 'exit' });
    const { state, inside } = run([letIn('a'), letIn('b', { people: 2 }), out('c', 3), out('d'), out('e')]);
    expect(state.scans).toMatchObject({ c: { outcome: 'exited', people: 3 }, d: { outcome: 'exited', people: 3 } });
    expect(state.scans['e']).toBeUndefined();
    expect(state).toMatchObject({ inside: [], excessInside: 0, counted: 0 });
    expect(inside).toBe(0);
  });

  test('and are told twice count once', () => {
    const { events } = run([letIn('a'), letIn('b'), letIn('b'), letIn('a')]);
    expect(events).toHaveLength(2);
  });

  test('leave nothing for who asks later', () => {
    const { state } = run([letIn('a'), letIn('b'), asked('c', 1)]);
    expect(state.scans['c']).toBeUndefined();
  });
});

const scans = fc
  .array(
    fc.record({
      people: fc.integer({ min: 1, max: PARTY }),
      atMs: fc.integer({ min: 1, max: 4 }),
      nodeId: fc.constantFrom('hq', 'osh'),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((all) => all.map((one, index) => letIn(`scan ${index}`, one)));

test('the incidents of a ticket and their winners are the same in whatever order its scans arrive', () => {
  fc.assert(
    fc.property(
      scans.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([one, other]) => {
        const [first, second] = [run(one), run(other)];
        expect(second.incidents).toEqual(first.incidents);
        expect(second.state.entered).toEqual(first.state.entered);
        expect(second.inside).toBe(first.inside);
        expect(first.inside).toBe(one.reduce((sum, { people }) => sum + people, 0));
        for (const { winner, scanIds } of first.incidents) {
          expect(scanIds[0]).toBe(winner.scanId);
          const rank = ({ scannedAtMs, nodeId, scanId }: AdmissionCommand) => `${scannedAtMs} ${nodeId} ${scanId}`;
          const ranks = one.filter(({ scanId }) => scanIds.includes(scanId)).map(rank);
          expect(ranks.toSorted()[0]).toBe(`${winner.scannedAtMs} ${winner.nodeId} ${winner.scanId}`);
        }
      },
    ),
  );
});

test('an incident is resolved once', () => {
  const command: ResolveIncident = {
    incidentId: 'incident 1',
    ticketId: 'ticket',
    subjectId: 'ticket',
    parkId: 'ala-archa',
    resolution: 'gate_mistake',
    note: 'Two gates',
    by: 'user:manager',
    nowMs: 5,
  };
  const first = incident.decide(command, incident.initial);
  expect(first).toMatchObject({ ok: true, value: [{ type: 'IncidentResolved', data: { resolvedAtMs: 5 } }] });
  const again = incident.decide(command, { resolved: true });
  expect(again).toEqual({ ok: false, refusal: { code: 'already_resolved' } });
});

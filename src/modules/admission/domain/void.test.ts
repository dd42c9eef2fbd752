import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { AdmissionVoided } from '../contract.ts';
import type { AdmissionCommand, AdmissionEvent, AdmissionState } from './admission-messages.ts';
import { isVoided } from './admission-state.ts';
import { admission } from './admission.ts';
import { admissionVoid, answeredVoid, type VoidCommand } from './void.ts';

const ticket = { ticketId: 'ticket', parkId: 'ala-archa', visitDate: '2026-12-05', partySize: 3 };

const scan = (kind: 'admit' | 'exit', scanId: string, people?: number): AdmissionCommand => ({
  ...ticket,
  userId: 'user',
  kind,
  scanId,
  people,
  reEntry: 'same_day',
  gate: 'main',
  saidAtMs: 900,
  scannedAtMs: 1_000,
  nodeId: 'hq',
  overLimit: false,
  override: null,
});
/** Whom a gate that was cut off has let in, or out. */
const alone = (
  kind: 'admit' | 'exit',
  scanId: string,
  people: number,
  endedAs: 'cancelled' | 'revoked' | null = null,
): AdmissionCommand => ({ ...scan(kind, scanId, people), offline: { endedAs, incidentIds: ['1', '2', '3'] } });
const voided: VoidCommand = { ...ticket, why: 'guest', nowMs: 2_000 };
const asked = { ...voided, voidId: 'question' };

function decide(command: AdmissionCommand | VoidCommand | typeof asked, state: AdmissionState) {
  if (!('why' in command)) return admission.decide(command, state);
  return 'voidId' in command ? answeredVoid.decide(command, state) : admissionVoid.decide(command, state);
}

function run(...commands: readonly (AdmissionCommand | VoidCommand | typeof asked)[]) {
  const events: AdmissionEvent[] = [];
  const answers = commands.map((command) => {
    const decided = decide(command, events.reduce(admission.evolve, admission.initial));
    if (!decided.ok) return decided.refusal;
    events.push(...decided.value);
    return decided.value.map(({ type }) => type).join();
  });
  return { answers, events };
}

describe('the void of a ticket', () => {
  test('ends it at the gates: nobody comes in any more', () => {
    const { answers, events } = run(voided, scan('admit', 'a'), scan('admit', 'b', 5));
    const refusal = { code: 'cancelled', remaining: 3 };
    expect(answers).toEqual(['AdmissionVoided', refusal, refusal]);
    const data = { ...ticket, why: 'guest', override: false, entered: 0, inside: 0, voidedAtMs: 2_000 };
    expect(events).toEqual([{ type: 'AdmissionVoided', data }]);
  });

  test('is refused once somebody came in, also after everybody went out', () => {
    const refusal = { code: 'already_admitted', entered: 2 };
    expect(run(scan('admit', 'a', 2), voided, scan('exit', 'b'), voided).answers).toEqual([
      'PeopleAdmitted',
      refusal,
      'PeopleExited',
      refusal,
    ]);
  });

  test('is refused where people came in in excess alone, at the gates and by the answer to headquarters', () => {
    const letIn = alone('admit', 'a', 4, 'revoked');
    expect(run(letIn, voided, alone('exit', 'b', 4), voided).answers).toEqual([
      'PeopleAdmittedInExcess',
      { code: 'already_admitted', entered: 4 },
      'PeopleExited',
      { code: 'already_admitted', entered: 4 },
    ]);
    expect(run(letIn, asked).events.at(-1)).toMatchObject({ type: 'VoidDenied', data: { entered: 4 } });
    expect(run(letIn, { ...asked, override: true }).events.at(-1)).toMatchObject({
      type: 'AdmissionVoided',
      data: { entered: 4, inside: 4 },
    });
    expect(run(alone('admit', 'a', 5), asked).events.at(-1)).toMatchObject({ data: { entered: 5 } });
  });

  test('by override ends an admitted ticket; those inside may go out and not come back', () => {
    const { answers, events } = run(
      scan('admit', 'a', 2),
      { ...voided, override: true },
      scan('exit', 'b'),
      scan('admit', 'c'),
    );
    expect(answers).toEqual(['PeopleAdmitted', 'AdmissionVoided', 'PeopleExited', { code: 'cancelled', remaining: 3 }]);
    expect(events[1]?.data).toMatchObject({ override: true, entered: 2, inside: 2 });
    expect(events[2]?.data).toMatchObject({ people: 2, inside: 0 });
  });

  test('told twice happens once', () => {
    expect(run(voided, { ...voided, why: 'staff', override: true }).answers).toEqual(['AdmissionVoided', '']);
  });

  test('does not change what a scan answered before it', () => {
    expect(run(scan('admit', 'a'), { ...voided, override: true }, scan('admit', 'a')).answers.at(-1)).toBe('');
  });
});

test('in any order of any scans and questions nobody who came in is left out, and no ticket by which somebody did is given back', () => {
  const step = fc.record({
    kind: fc.constantFrom<'admit' | 'exit' | 'void' | 'ask'>('admit', 'admit', 'exit', 'void', 'ask'),
    people: fc.integer({ min: 1, max: 5 }),
    endedAs: fc.constantFrom(null, null, 'revoked' as const),
    isAlone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const events: AdmissionEvent[] = [];
      let [cameIn, inside] = [0, 0];
      for (const [index, { kind, people, endedAs, isAlone }] of steps.entries()) {
        const state = events.reduce(admission.evolve, admission.initial);
        if (kind === 'void' || kind === 'ask') {
          const decided = decide(kind === 'void' ? voided : { ...asked, voidId: `question-${index}` }, state);
          const isEnded = decided.ok && !decided.value.some(({ type }) => type === 'VoidDenied');
          expect(isEnded).toBe(isVoided(state) || cameIn === 0);
          events.push(...(decided.ok ? decided.value : []));
          continue;
        }
        const name = `scan-${index}`;
        const decided = decide(isAlone ? alone(kind, name, people, endedAs) : scan(kind, name, people), state);
        // Whom a gate that was cut off let in is never refused; of those who went out as many count as were inside.
        if (isAlone) expect(decided.ok).toBe(kind === 'admit' || inside > 0);
        if (!decided.ok) continue;
        events.push(...decided.value);
        const passed = kind === 'admit' ? people : -Math.min(people, inside);
        [cameIn, inside] = [cameIn + Math.max(0, passed), inside + passed];
        const after = events.reduce(admission.evolve, admission.initial);
        expect(after.entries.reduce((sum, entry) => sum + entry.people, 0)).toBe(cameIn);
        expect(after.inside.length + after.excessInside).toBe(inside);
      }
    }),
  );
});

test('what happens inside is what is published', () => {
  expectTypeOf<Extract<AdmissionEvent, { type: 'AdmissionVoided' }>>().toExtend<AdmissionVoided>();
});

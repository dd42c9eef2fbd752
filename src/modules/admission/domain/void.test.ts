import { describe, expect, expectTypeOf, test } from 'vitest';
import type { AdmissionVoided } from '../contract.ts';
import type { AdmissionCommand, AdmissionEvent } from './admission-messages.ts';
import { admission } from './admission.ts';
import { admissionVoid, type VoidCommand } from './void.ts';

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
const voided: VoidCommand = { ...ticket, why: 'guest', nowMs: 2_000 };

function run(...commands: readonly (AdmissionCommand | VoidCommand)[]) {
  const events: AdmissionEvent[] = [];
  const answers = commands.map((command) => {
    const state = events.reduce(admission.evolve, admission.initial);
    const decided = 'why' in command ? admissionVoid.decide(command, state) : admission.decide(command, state);
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

test('what happens inside is what is published', () => {
  expectTypeOf<Extract<AdmissionEvent, { type: 'AdmissionVoided' }>>().toExtend<AdmissionVoided>();
});

import { expect } from 'vitest';
import { assert } from '../../src/kernel/assert.ts';
import { addDays } from '../../src/kernel/time.ts';
import type { AdmissionCommand, AdmissionEvent } from '../../src/modules/admission/domain/admission-messages.ts';
import { admission } from '../../src/modules/admission/domain/admission.ts';
import { gateDayEnd, gateDayGoesOn } from '../../src/modules/admission/domain/gate-day-end.ts';
import { answeredVoid } from '../../src/modules/admission/domain/void.ts';
import { given, HELD_AT_MS, hold, settleAt, terms } from '../../src/modules/booking/domain/ticket.suite.ts';
import type { TicketCommand } from '../../src/modules/booking/domain/ticket-messages.ts';
import { ticket } from '../../src/modules/booking/domain/ticket.ts';
import type { Step } from './spin.ts';

const { ticketId, parkId, visitDate, validUntilMs } = terms;
const PLACE = { ticketId, parkId, visitDate, partySize: 1 };
const DAY = { parkId, date: visitDate };
const voidIdOf = (which: number): string => `question-${which}`;

/** The deciders by which gates let people in and answer. */
export type GateCode = { readonly scan: typeof admission; readonly answer: typeof answeredVoid };

/** What a park decided and has not stored, and what its two streams were when it looked. */
type Draft = { readonly events: readonly AdmissionEvent[]; readonly version: number; readonly isOfOpenDay: boolean };

/** Headquarters and a park's gates of the real code, which do what the model did. */
class Gates {
  readonly #code: GateCode;
  readonly #log: (AdmissionEvent | { readonly type: 'GateDayEnded' })[] = [];
  #ticket = given(hold, settleAt(HELD_AT_MS)).state;
  #admission = admission.initial;
  #day = gateDayEnd.initial;
  #version = 0;
  #knowsEnd = false;
  #paid = 0;
  #scans = 0;
  #drafts: Readonly<Record<'scan' | 'answer', Draft | null>> = { scan: null, answer: null };

  constructor(code: GateCode) {
    this.#code = code;
  }

  /** @returns whether anything was decided */
  #tellTicket(command: TicketCommand): boolean {
    const decided = ticket.decide(command, this.#ticket);
    if (!decided.ok) return false;
    this.#ticket = decided.value.reduce(ticket.evolve, this.#ticket);
    this.#paid += decided.value.filter(({ type }) => type === 'TicketCancelled').length;
    return decided.value.length > 0;
  }

  #question(which: number): TicketCommand {
    const today = this.#knowsEnd ? addDays(visitDate, 1) : visitDate;
    const who = { why: 'staff', userId: null, reason: null } as const;
    return { kind: 'ask_void', voidId: voidIdOf(which), ...who, today, nowMs: HELD_AT_MS };
  }

  /** Headquarters hears an event of the park's log: what `flow.finish-voids` and the end of days make of it. */
  #hear(position: number): boolean {
    const event = this.#log[position];
    assert(event, 'only what was stored is heard');
    if (event.type === 'AdmissionVoided' || event.type === 'VoidDenied') {
      const denied = event.type === 'VoidDenied' ? { entered: event.data.entered } : null;
      this.#tellTicket({ kind: 'end_void', voidId: event.data.voidId ?? '', denied, nowMs: HELD_AT_MS });
    }
    if (event.type === 'GateDayEnded') {
      this.#knowsEnd = true;
      this.#tellTicket({ kind: 'end_day', nowMs: validUntilMs + 1 });
    }
    return true;
  }

  /** Null where nobody comes in. */
  #scan(): Draft | null {
    const at = { gate: 'main', saidAtMs: HELD_AT_MS, scannedAtMs: HELD_AT_MS, nodeId: 'park', userId: null };
    const how = { kind: 'admit', people: 1, reEntry: 'none', overLimit: false, override: null } as const;
    const scan: AdmissionCommand = { ...PLACE, ...at, ...how, scanId: `scan-${this.#scans}` };
    const goesOn = gateDayGoesOn.decide({ ...DAY, nowMs: HELD_AT_MS }, this.#day);
    const decided = this.#code.scan.decide(scan, this.#admission);
    return goesOn.ok && decided.ok && decided.value.length > 0 ? this.#draftOf(decided.value) : null;
  }

  #answer(which: number): Draft | null {
    const question = { ...PLACE, why: 'staff', voidId: voidIdOf(which), nowMs: HELD_AT_MS } as const;
    const decided = this.#code.answer.decide(question, this.#admission);
    return decided.ok && decided.value.length > 0 ? this.#draftOf(decided.value) : null;
  }

  #draftOf = (events: readonly AdmissionEvent[]): Draft => ({
    events,
    version: this.#version,
    isOfOpenDay: this.#day.endedAtMs === null,
  });

  #look(what: 'scan' | 'answer', draft: Draft | null): boolean {
    this.#drafts = { ...this.#drafts, [what]: draft };
    return draft !== null;
  }

  /** An append: an entry expects that its ticket's stream and its day's end are as they were, an answer the former. */
  #store(what: 'scan' | 'answer'): boolean {
    const draft = this.#drafts[what];
    assert(draft, 'only what was decided is stored');
    this.#drafts = { ...this.#drafts, [what]: null };
    const hasDayEnded = draft.isOfOpenDay && this.#day.endedAtMs !== null;
    if (draft.version !== this.#version || (what === 'scan' && hasDayEnded)) return false;
    this.#admission = draft.events.reduce(this.#code.scan.evolve, this.#admission);
    this.#version += draft.events.length;
    this.#log.push(...draft.events);
    this.#scans++;
    return true;
  }

  #endDay(): boolean {
    const ended = gateDayEnd.decide({ ...DAY, endedAtMs: HELD_AT_MS }, this.#day);
    assert(ended.ok, 'a day can always end');
    this.#day = ended.value.reduce(gateDayEnd.evolve, this.#day);
    this.#log.push({ type: 'GateDayEnded' });
    return ended.value.length > 0;
  }

  /** Each action of the model: whether it is allowed, and what it is in the code. */
  readonly #actions: Readonly<Record<string, readonly [boolean, (which: number) => boolean]>> = {
    ASK: [true, (which) => this.#tellTicket(this.#question(which))],
    HEAR: [true, (which) => this.#hear(which)],
    SCAN: [true, () => this.#look('scan', this.#scan())],
    STORE_SCAN: [true, () => this.#store('scan')],
    LOSE_SCAN: [false, () => this.#store('scan')],
    QUESTION: [true, (which) => this.#look('answer', this.#answer(which))],
    STORE_ANSWER: [true, () => this.#store('answer')],
    LOSE_ANSWER: [false, () => this.#store('answer')],
    END_DAY: [true, () => this.#endDay()],
    KILL: [true, () => ((this.#drafts = { scan: null, answer: null }), true)],
  };

  do({ action, which }: Step): { readonly isAllowed: boolean; readonly isDone: boolean } {
    const known = this.#actions[action];
    assert(known, `${action} is an action of the model that nobody has put into code`);
    const [isAllowed, act] = known;
    return { isAllowed, isDone: act(which) };
  }

  /** What the model prints, as the code has it. */
  get state(): Readonly<Record<string, string>> {
    const { entered, ends, answeredVoids } = this.#admission;
    const bit = (is: boolean): string => (is ? '1' : '0');
    const ofBoth = (is: (voidId: string) => boolean): string =>
      [0, 1].map((which) => bit(is(voidIdOf(which)))).join('');
    return {
      open: ofBoth((voidId) => this.#ticket.voiding?.voidId === voidId),
      paid: `${this.#paid}`,
      used: bit(entered.length > 0),
      voided: bit(ends.length > 0),
      answered: ofBoth((voidId) => answeredVoids.includes(voidId)),
      version: `${this.#version}`,
      day_ended: bit(this.#day.endedAtMs !== null),
      facts: `${this.#log.length}`,
    };
  }

  /** What the code would allow: an entry, and a question that is not open. */
  get allowed(): { readonly entry: boolean; readonly question: boolean } {
    const asked = ticket.decide(this.#question(9), this.#ticket);
    return { entry: this.#scan() !== null, question: asked.ok && asked.value.length > 0 };
  }

  get knowsEnd(): boolean {
    return this.#knowsEnd;
  }
}

/** Has the code do what a run of the model did; it has to allow, and to come to, the same after every step. */
export function replayVoid(steps: readonly Step[], code: GateCode = { scan: admission, answer: answeredVoid }): void {
  const gates = new Gates(code);
  for (const [index, step] of steps.entries()) {
    const where = `step ${index}, ${step.action} ${step.which}`;
    const { isAllowed, isDone } = gates.do(step);
    expect(isDone, where).toBe(isAllowed);
    expect(gates.state, where).toEqual(step.after);
    const { used, voided, day_ended: dayEnded, open, paid } = step.after;
    expect(gates.allowed, where).toEqual({
      entry: used === '0' && voided === '0' && dayEnded === '0',
      question: open === '00' && paid === '0' && !gates.knowsEnd,
    });
  }
}

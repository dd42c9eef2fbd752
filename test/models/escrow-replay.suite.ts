import { expect } from 'vitest';
import { assert } from '../../src/kernel/assert.ts';
import type { Decider, DomainEvent } from '../../src/kernel/decider.ts';
import { day } from '../../src/modules/booking/domain/capacity.ts';
import { Counters } from '../../src/modules/booking/domain/counters.suite.ts';
import { dayGrants } from '../../src/modules/booking/domain/day-grants.ts';
import { parkShare } from '../../src/modules/booking/domain/park-share.ts';
import { EXPIRES_AT_MS, expireAt, HELD_AT_MS, settleAt, terms } from '../../src/modules/booking/domain/ticket.suite.ts';
import type { TicketCommand, TicketEvent, TicketState } from '../../src/modules/booking/domain/ticket-messages.ts';
import { ticket } from '../../src/modules/booking/domain/ticket.ts';
import type { Step } from './spin.ts';

const QUOTA = 9;
const [HQ, PARK] = ['hq', 'park'];
const DAY = { parkId: terms.parkId, date: terms.visitDate };
const HOLD: TicketCommand = { kind: 'hold', terms: { ...terms, places: 1 }, admissionCode: null };

/** What the code says to a command: stored, nothing to do, or not. */
type Answer = 'done' | 'nothing' | 'refused';

/** One aggregate of a node and the counters its events move. */
class Kept<Command, State, Event extends DomainEvent> {
  readonly #decider: Decider<Command, State, Event, unknown>;
  state: State;

  constructor(decider: Decider<Command, State, Event, unknown>, state = decider.initial) {
    this.#decider = decider;
    this.state = state;
  }

  tell(counters: Counters, command: Command): Answer {
    const decided = this.#decider.decide(command, this.state);
    if (!decided.ok) return 'refused';
    if (!counters.apply(decided.value.flatMap((event) => this.#decider.transfersOf?.(event) ?? []))) return 'refused';
    this.state = decided.value.reduce(this.#decider.evolve, this.state);
    return decided.value.length > 0 ? 'done' : 'nothing';
  }

  /** What would be answered; all stays as it is. */
  ask(counters: Counters, command: Command): Answer {
    return new Kept(this.#decider, this.state).tell(counters.copy(), command);
  }
}

/** A desk, or the app: at most one ticket is held at a time, as in the model. */
class Sales {
  readonly counters: Counters;
  #held: Kept<TicketCommand, TicketState, TicketEvent>;

  constructor(counters = new Counters(DAY.parkId, DAY.date), held = ticket.initial) {
    this.counters = counters;
    this.#held = new Kept(ticket, held);
  }

  copy = (): Sales => new Sales(this.counters.copy(), this.#held.state);
  canHold = (): boolean => new Kept(ticket).ask(this.counters, HOLD) === 'done';
  hold(): Answer {
    this.#held = new Kept(ticket);
    return this.tell(HOLD);
  }
  tell = (command: TicketCommand): Answer => this.#held.tell(this.counters, command);
}

/** The deciders of which grants and returns are made. */
export type EscrowCode = { readonly grants: typeof dayGrants; readonly share: typeof parkShare };
type Grant = Parameters<typeof parkShare.decide>[0] & { readonly kind: 'credit' };

/** Headquarters and a park of the real code, which do what the model did. */
class Escrow {
  readonly #hq = new Sales();
  readonly #day = new Kept(day);
  readonly #grants;
  readonly #told = new Map<number, Grant['grant']>();
  #knownLife = 0;
  #park = new Sales();
  #share;
  #backup: { readonly park: Sales; readonly share: EscrowState } | null = null;
  #life = 0;
  #parkSold = 0;
  readonly #code: EscrowCode;

  constructor(code: EscrowCode) {
    this.#code = code;
    this.#grants = new Kept(code.grants);
    this.#share = new Kept(code.share);
    this.#day.tell(this.#hq.counters, { kind: 'open', ...DAY, quota: QUOTA });
  }

  #own = (): Grant['own'] => ({ nodeId: PARK, incarnation: `life-${this.#life}` });

  #grantOf(which: number, places: number): Grant['grant'] {
    const ids = { grantId: `grant-${which}`, askId: `ask-${which}`, grantedAtMs: HELD_AT_MS };
    return { ...DAY, ...ids, places, fromNode: HQ, toNode: PARK, toIncarnation: `life-${this.#knownLife}` };
  }

  #grant(which: number, places: number): Answer {
    const grant = this.#grantOf(which, places);
    const answer = this.#grants.tell(this.#hq.counters, { kind: 'grant', ...grant });
    if (answer === 'done') this.#told.set(which, grant);
    return answer;
  }

  #takeBack(which: number, places: number): Answer {
    const taken = { ...DAY, places, returnId: `return-${which}`, fromNode: PARK, takenAtMs: HELD_AT_MS };
    return this.#grants.tell(this.#hq.counters, { kind: 'take_back', ...taken });
  }

  #credit(which: number): Answer {
    const grant = this.#told.get(which);
    assert(grant, 'only what was granted is credited');
    return this.#share.tell(this.#park.counters, { kind: 'credit', grant, own: this.#own(), nowMs: HELD_AT_MS });
  }

  #returnOf(which: number, places: number) {
    const why = { why: 'surplus', reason: null, returnedAtMs: HELD_AT_MS } as const;
    return { kind: 'give_back', ...DAY, places, returnId: `return-${which}`, nodeId: PARK, ...why } as const;
  }

  /** The backup takes the disk's place, and the log begins with the end of all holds and a fence. */
  #restore(): Answer {
    assert(this.#backup, 'there is a backup');
    this.#park = this.#backup.park;
    this.#share = new Kept(this.#code.share, this.#backup.share);
    this.#life = 1;
    this.#park.tell({ kind: 'expire', nowMs: HELD_AT_MS, fenced: true });
    const fence = { ...DAY, ...this.#own(), places: this.#park.counters.of('free'), fencedAtMs: HELD_AT_MS };
    return this.#share.tell(this.#park.counters, { kind: 'fence', ...fence });
  }

  #lower(): Answer {
    const quota = (this.#day.state.quota ?? 0) - 1;
    return this.#day.tell(this.#hq.counters, { kind: 'change', ...DAY, quota });
  }

  #sellAtPark(): Answer {
    this.#parkSold++;
    return this.#park.tell(settleAt(HELD_AT_MS));
  }

  /** Each action of the model: what it is in the code, and what the code has to answer. */
  readonly #actions: Readonly<Record<string, readonly [Answer, (which: number, places: number) => Answer]>> = {
    HOLD: ['done', () => this.#hq.hold()],
    SELL: ['done', () => this.#hq.tell(settleAt(HELD_AT_MS))],
    LET_GO: ['done', () => this.#hq.tell(expireAt(EXPIRES_AT_MS))],
    LOWER: ['done', () => this.#lower()],
    GRANT: ['done', (which, places) => this.#grant(which, places)],
    CANNOT_GRANT: ['refused', (which, places) => this.#grant(which, places)],
    TAKE: ['done', (which, places) => this.#takeBack(which, places)],
    TAKE_AGAIN: ['nothing', (which, places) => this.#takeBack(which, places)],
    LEARN: ['done', () => ((this.#knownLife = this.#life), 'done')],
    PARK_HOLD: ['done', () => this.#park.hold()],
    PARK_SELL: ['done', () => this.#sellAtPark()],
    PARK_LET_GO: ['done', () => this.#park.tell(expireAt(EXPIRES_AT_MS))],
    CREDIT: ['done', (which) => this.#credit(which)],
    CREDIT_AGAIN: ['nothing', (which) => this.#credit(which)],
    FOREIGN: ['refused', (which) => this.#credit(which)],
    GIVE_BACK: ['done', (...what) => this.#share.tell(this.#park.counters, this.#returnOf(...what))],
    CANNOT_GIVE_BACK: ['refused', (...what) => this.#share.tell(this.#park.counters, this.#returnOf(...what))],
    KEEP: ['done', () => ((this.#backup = { park: this.#park.copy(), share: this.#share.state }), 'done')],
    RESTORE: ['done', () => this.#restore()],
  };

  do({ action, which, places }: Step): { readonly expected: Answer; readonly answer: Answer } {
    const known = this.#actions[action];
    assert(known, `${action} is an action of the model that nobody has put into code`);
    const [expected, act] = known;
    return { expected, answer: act(which, places) };
  }

  /** What the model prints, as the code has it. */
  get state(): Readonly<Record<string, string>> {
    const { grants, returns } = this.#grants.state;
    const bits = (count: number, has: (index: number) => boolean): string =>
      Array.from({ length: count }, (_, index) => (has(index) ? '1' : '0')).join('');
    return {
      hq_free: `${this.#hq.counters.of('free')}`,
      hq_held: `${this.#hq.counters.of('held')}`,
      hq_sold: `${this.#hq.counters.of('sold')}`,
      grants: `${grants.size}`,
      taken: bits(4, (index) => returns.has(`return-${index}`)),
      park_free: `${this.#park.counters.of('free')}`,
      park_held: `${this.#park.counters.of('held')}`,
      park_sold: `${this.#parkSold}`,
      credited: bits(3, (index) => this.#share.state.grants.has(`grant-${index}`)),
    };
  }

  /** What the code would allow where the model may not go. */
  get allowed(): Readonly<Record<string, boolean>> {
    const [hq, park] = [this.#hq.counters, this.#park.counters];
    const tooMany = { kind: 'grant', ...this.#grantOf(9, Math.max(0, hq.of('free')) + 1) } as const;
    return {
      hold: this.#hq.canHold(),
      parkHold: this.#park.canHold(),
      grantTooMany: this.#grants.ask(hq, tooMany) === 'done',
      returnTooMany: this.#share.ask(park, this.#returnOf(9, park.of('free') + 1)) === 'done',
    };
  }
}

type EscrowState = typeof parkShare.initial;

/** Has the code do what a run of the model did; it has to answer, and to come to, the same after every step. */
export function replayEscrow(steps: readonly Step[], code: EscrowCode = { grants: dayGrants, share: parkShare }): void {
  const escrow = new Escrow(code);
  for (const [index, step] of steps.entries()) {
    const { expected, answer } = escrow.do(step);
    const where = `step ${index}, ${step.action} ${step.which}`;
    expect(answer, where).toBe(expected);
    expect(escrow.state, where).toEqual(step.after);
    expect(escrow.allowed, where).toEqual({
      hold: Number(step.after['hq_free']) > 0,
      parkHold: Number(step.after['park_free']) > 0,
      grantTooMany: false,
      returnTooMany: false,
    });
  }
}

import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { GateDayEnded } from '../contract.ts';

/** Somebody comes to the gates before the moment at which they are said to have ended the day: a clock had been ahead then. */
export type GateDayReopened = {
  readonly type: 'GateDayReopened';
  readonly data: {
    readonly parkId: string;
    readonly date: LocalDate;
    readonly endedAtMs: number;
    readonly atMs: number;
  };
};

type GateDayEndEvent = GateDayEnded | GateDayReopened;

/** Null while the day goes on. */
type GateDayEndState = { readonly endedAtMs: number | null };

/** A day ends once at its gates. What gates that were cut off bring later is taken all the same. */
export const gateDayEnd: Decider<GateDayEnded['data'], GateDayEndState, GateDayEndEvent, never> = {
  aggregateType: 'GateDayEnd',
  initial: { endedAtMs: null },
  decide: (data, { endedAtMs }) => ok(endedAtMs === null ? [{ type: 'GateDayEnded', data }] : []),
  evolve: (_state, { type, data }) => ({ endedAtMs: type === 'GateDayEnded' ? data.endedAtMs : null }),
};

type GoesOnCommand = { readonly parkId: string; readonly date: LocalDate; readonly nowMs: number };

/**
 * A part of every entry: it is stored only while the day goes on, so all entries stand before the end of their day. An end that is yet to
 * come is taken back.
 */
export const gateDayGoesOn: Decider<
  GoesOnCommand,
  GateDayEndState,
  GateDayEndEvent,
  { readonly code: 'gate_day_ended' }
> = {
  ...gateDayEnd,
  decide({ nowMs, ...day }, { endedAtMs }) {
    if (endedAtMs === null) return ok([]);
    if (endedAtMs <= nowMs) return refuse({ code: 'gate_day_ended' });
    return ok([{ type: 'GateDayReopened', data: { ...day, endedAtMs, atMs: nowMs } }]);
  },
};

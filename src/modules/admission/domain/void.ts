import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { VoidReason } from '../contract.ts';
import type { AdmissionEvent, AdmissionState } from './admission-messages.ts';
import { isVoided } from './admission-state.ts';
import { admission } from './admission.ts';

export type VoidCommand = {
  readonly ticketId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly partySize: number;
  readonly why: VoidReason;
  /** A manager insists although somebody came in. Those inside stay counted until they go out. */
  readonly override?: boolean;
  readonly nowMs: number;
};

/** Somebody has come in by the ticket; how many ever did, also beyond what it was good for. */
export type VoidRefusal = { readonly code: 'already_admitted'; readonly entered: number };

/**
 * How many have ever come in by a ticket. Who came in in excess is in as well: by an old code, say, while no place of the party was taken.
 */
const cameIn = ({ entered, excess }: AdmissionState): number => entered.length + excess;

/**
 * How many keep a ticket from ending at the gates; of a day that it was moved from, those who came in then. Nobody takes a place of the party on
 * one day after another has, so on at most one of the two days it was used; of those in excess on the other an incident tells.
 */
function keeping(state: AdmissionState, { why, visitDate }: Pick<VoidCommand, 'why' | 'visitDate'>): number {
  if (why !== 'moved') return cameIn(state);
  if (state.usedOn !== null && state.usedOn !== visitDate) return 0;
  return state.entered.length + (state.excessOn[visitDate] ?? 0);
}

/**
 * The end of a ticket at the gates: nobody comes in by it any more. It is decided on the stream on which gates let people in,
 * so of a cancellation and a scan at the same moment exactly one wins.
 */
export const admissionVoid: Decider<VoidCommand, AdmissionState, AdmissionEvent, VoidRefusal> = {
  ...admission,
  decide(command, state): Result<readonly AdmissionEvent[], VoidRefusal> {
    if (isVoided(state)) return ok([]); // told twice
    const { override = false, nowMs, ...ticket } = command;
    const entered = cameIn(state);
    if (entered > 0 && !override) return refuse({ code: 'already_admitted', entered });
    const people = { entered, inside: state.inside.length + state.excessInside };
    return ok([{ type: 'AdmissionVoided', data: { ...ticket, ...people, override, voidedAtMs: nowMs } }]);
  },
};

/**
 * The answer to a question of headquarters, on the same stream: of it and a scan exactly one wins. Every question gets its answer,
 * once.
 */
export const answeredVoid: Decider<VoidCommand & { readonly voidId: string }, AdmissionState, AdmissionEvent, never> = {
  ...admission,
  decide(command, state): Result<readonly AdmissionEvent[], never> {
    const { voidId, override = false, nowMs, ...ticket } = command;
    if (state.answeredVoids.includes(voidId)) return ok([]);
    const entered = keeping(state, ticket);
    if (entered > 0 && !override && !isVoided(state)) {
      const { ticketId, parkId, visitDate } = ticket;
      return ok([{ type: 'VoidDenied', data: { ticketId, parkId, visitDate, voidId, entered, deniedAtMs: nowMs } }]);
    }
    const people = { entered, inside: state.inside.length + state.excessInside };
    return ok([{ type: 'AdmissionVoided', data: { ...ticket, ...people, override, voidedAtMs: nowMs, voidId } }]);
  },
};

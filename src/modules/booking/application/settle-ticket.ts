import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { isOfMove, ticket, verdictOn } from '../domain/ticket.ts';
import type { DayTerms, TicketState, TicketTerms } from '../domain/ticket-messages.ts';
import type { WhyPaymentRefused } from '../domain/refused-payment.ts';
import type { AsksGates } from './asks-gates.ts';
import type { IsFenced, IsForgotten, SignAdmissionCode } from './ports.ts';
import type { TakePlaces } from './take-places.ts';
import type { FindVisitDay } from './visit-day.ts';

export type SettleRefusal = { readonly code: 'ticket_not_found' | WhyPaymentRefused };

export type SettleTicket = (
  payment: { readonly ticketId: string; readonly paymentId: string; readonly paidTyiyn: Tyiyn },
  meta: CommandMeta,
) => Promise<Result<null, SettleRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly findVisitDay: FindVisitDay;
  readonly takePlaces: TakePlaces;
  readonly isForgotten: IsForgotten;
  readonly isFenced: IsFenced;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly asksGates: AsksGates;
  readonly clock: Clock;
};

/**
 * Money arrived: the ticket becomes active, also after its hold ended if the day has room; or it moves, if the money is for
 * that. The answer is written with the
 * ticket, so the same payment gets it again however often and by however many processes it is told: no payment is both
 * accepted and sent back. Money for a guest who was erased meanwhile goes back: nobody could be given the code.
 */
export function createSettleTicket(dependencies: Dependencies): SettleTicket {
  const { runner, findVisitDay, takePlaces, isForgotten, isFenced, signAdmissionCode, asksGates, clock } = dependencies;

  /** Null when the ticket took it, or had answered before. */
  async function obstacleTo(
    { ticketId, paymentId, paidTyiyn }: Parameters<SettleTicket>[0],
    state: TicketState,
    terms: TicketTerms,
    { visitDate, ...times }: DayTerms,
    meta: CommandMeta,
  ): Promise<'park_at_capacity' | 'guest_erased' | null> {
    if (await isForgotten(terms.subjectId)) return 'guest_erased';
    const nowMs = clock.now();
    const admissionCode = signAdmissionCode({ ...terms, ...times, visitDate, partySize: terms.places });
    const day = await findVisitDay(terms.parkId, visitDate);
    const asks = await asksGates(terms.parkId, terms.visitDate, visitDate);
    // A day whose gates went to yet another node while the move waited is none that it can go to.
    const dayClosed = (!day.ok && day.refusal.code !== 'park_not_found') || asks === 'two_nodes';
    const voidId = asks === 'two_nodes' ? null : asks.voidId;
    // Nothing of a fenced day is sold: whatever was held of it when headquarters was set back is held still.
    const holdStands = await isFenced(terms.parkId, visitDate);
    const told = { paymentId, paidTyiyn, nowMs, admissionCode, dayClosed, voidId, holdStands };
    const done = await takePlaces({
      parkId: terms.parkId,
      date: visitDate,
      dayQuota: null,
      isHeld: isHeld(state, paymentId, holdStands, nowMs),
      steps: [step(ticket, ticketId, { kind: 'settle', ...told })],
      meta,
    });
    if (done.ok) return null;
    only(['insufficient'], done.refusal);
    return 'park_at_capacity';
  }

  return async (payment, meta) => {
    const { ticketId, paymentId } = payment;
    const before = await runner.stateOf(ticket, ticketId);
    const { terms, move } = before.state;
    if (terms === null) return refuse({ code: 'ticket_not_found' });
    const known = answerOf(before.state, paymentId);
    if (known !== null) return known;
    const context = { ...meta, parkId: terms.parkId };
    // A payment of a difference was told to the ticket before it began, so whose it is cannot change any more.
    const day = move !== null && isOfMove(before.state, paymentId) ? move.day : terms;
    const why = await obstacleTo(payment, before.state, terms, day, context);
    if (why !== null) {
      const command = { kind: 'refuse_payment', paymentId, why, nowMs: clock.now() } as const;
      const refused = await runner.run(ticket, ticketId, command, context);
      assert(refused.ok, 'a payment of a known ticket can be refused');
    }
    const answer = answerOf((await runner.stateOf(ticket, ticketId)).state, paymentId);
    assert(answer, 'a payment that was told has its answer');
    return answer;
  };
}

/** Whether the places are its own, which the money is for; what it has bought, or asks for no place, it has for ever. */
function isHeld(state: TicketState, paymentId: string, holdStands: boolean, nowMs: number): boolean {
  if (isOfMove(state, paymentId) || state.awaitsPayment) return true;
  if (state.status === 'held') return holdStands || nowMs < state.expiresAtMs;
  return state.status !== 'expired';
}

function answerOf(state: TicketState, paymentId: string): Result<null, SettleRefusal> | null {
  const verdict = verdictOn(state, paymentId);
  if (verdict === null) return null;
  return verdict === 'accepted' ? ok(null) : refuse({ code: verdict });
}

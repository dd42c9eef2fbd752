import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket, verdictOn } from '../domain/ticket.ts';
import type { TicketState, WhyPaymentRefused } from '../domain/ticket-messages.ts';
import type { SignAdmissionCode } from './ports.ts';
import type { TakePlaces } from './take-places.ts';

export type SettleRefusal = { readonly code: 'ticket_not_found' | WhyPaymentRefused };

export type SettleTicket = (
  payment: { readonly ticketId: string; readonly paymentId: string; readonly paidTyiyn: Tyiyn },
  meta: CommandMeta,
) => Promise<Result<null, SettleRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly takePlaces: TakePlaces;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly clock: Clock;
};

/**
 * Money arrived: the ticket becomes active, also after its hold ended if the day has room. The answer is written with the
 * ticket, so the same payment gets it again however often and by however many processes it is told: no payment is both
 * accepted and sent back.
 */
export function createSettleTicket({ runner, takePlaces, signAdmissionCode, clock }: Dependencies): SettleTicket {
  return async ({ ticketId, paymentId, paidTyiyn }, meta) => {
    const before = await runner.stateOf(ticket, ticketId);
    const { terms } = before.state;
    if (terms === null) return refuse({ code: 'ticket_not_found' });
    const known = answerOf(before.state, paymentId);
    if (known !== null) return known;
    const admissionCode = signAdmissionCode({ ...terms, partySize: terms.places });
    const context = { ...meta, parkId: terms.parkId };
    const done = await takePlaces({
      parkId: terms.parkId,
      date: terms.visitDate,
      dayQuota: null,
      steps: [step(ticket, ticketId, { kind: 'settle', paymentId, paidTyiyn, nowMs: clock.now(), admissionCode })],
      meta: context,
    });
    if (!done.ok) {
      assert(done.refusal.code === 'insufficient', `settling cannot be refused as ${done.refusal.code}`);
      const command = { kind: 'refuse_payment', paymentId, nowMs: clock.now() } as const;
      const refused = await runner.run(ticket, ticketId, command, context);
      assert(refused.ok, 'a payment of a known ticket can be refused');
    }
    const answer = answerOf((await runner.stateOf(ticket, ticketId)).state, paymentId);
    assert(answer, 'a payment that was told has its answer');
    return answer;
  };
}

function answerOf(state: TicketState, paymentId: string): Result<null, SettleRefusal> | null {
  const verdict = verdictOn(state, paymentId);
  if (verdict === null) return null;
  return verdict === 'accepted' ? ok(null) : refuse({ code: verdict });
}

import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { NodeRole } from '../../../kernel/node-role.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { WhyCancelled } from '../contract.ts';
import { comesBack, type PassRefusal } from '../domain/pass.ts';
import type { TicketRefusal } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { passSteps } from './pass-visits.ts';
import type { HomeOf, SellerOf, VoidAdmission, Writers } from './ports.ts';
import type { ParkToday } from './visit-day.ts';

export type CancelRefusal =
  | Extract<
      TicketRefusal,
      { readonly code: 'ticket_not_found' | 'ticket_not_cancellable' | 'only_staff_cancels_today' }
    >
  | { readonly code: 'already_admitted'; readonly entered: number }
  /** Another node wrote the ticket, and alone may end it. */
  | { readonly code: 'not_home' };

export type CancelTicket = (
  request: {
    readonly ticketId: string;
    readonly why: WhyCancelled;
    /** Whose ticket a guest says it is; null for staff. */
    readonly userId: string | null;
    readonly reason: string | null;
    /** Only while it is held: money that came meanwhile keeps it. */
    readonly onlyHeld?: boolean;
  },
  meta: CommandMeta,
) => Promise<Result<null, CancelRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly voidAdmission: VoidAdmission;
  readonly parkToday: ParkToday;
  readonly homeOf: HomeOf;
  readonly sellerOf: SellerOf;
  readonly writers: Writers;
  readonly nodeId: string;
  readonly role: NodeRole;
  readonly ids: Ids;
  readonly clock: Clock;
};

/**
 * Ends a ticket and what it lets in, in one append: of a cancellation and a scan at the same moment exactly one wins, and the
 * places are free only once nobody can come in on them. A visit of a pass goes back to it. Told twice, it does nothing.
 *
 * Gates that another node serves cannot be asked at once: then headquarters writes the question down, and the ticket stays as it is
 * until they answer it. An unpaid ticket has no code, so nobody is asked about it. What its desk sold a park ends by itself, in the
 * same one append, because its gates are its own. Places of a ticket of a node that was revoked are that node's for good.
 */
export function createCancelTicket(dependencies: Dependencies): CancelTicket {
  const { runner, voidAdmission, parkToday, homeOf, sellerOf, writers, nodeId, role, ids, clock } = dependencies;
  const cancel: CancelTicket = async ({ ticketId, ...request }, meta) => {
    const { terms, activated } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null) return refuse({ code: 'ticket_not_found' });
    const { parkId, visitDate, places } = terms;
    const isHome = (await homeOf(parkId, visitDate)) === nodeId;
    const seller = (await sellerOf(ticketId)) ?? nodeId;
    const inherited = seller !== nodeId;
    if (inherited && !(await writers()).includes(seller)) return refuse({ code: 'not_home' });
    // A park ends what it sold at its own gates; it has nobody to ask. Neither has anybody about what a desk sold that is no more.
    if (!isHome && (role === 'park' || inherited)) return refuse({ code: 'not_home' });
    const nowMs = clock.now();
    const today = await parkToday(parkId, nowMs);
    assert(today, 'the park of a ticket exists');
    const { why } = request;
    const gates = { ticketId, parkId, visitDate, partySize: places, why, override: why === 'override', nowMs };
    if (!isHome && activated && request.onlyHeld !== true) {
      const command = { kind: 'ask_void', voidId: ids.next(), ...request, today, nowMs } as const;
      const asked = await runner.run(ticket, ticketId, command, { ...meta, parkId });
      return asked.ok ? ok(null) : refuse(only(OF_TICKET, asked.refusal));
    }
    // The ticket first: whose it is matters more than whether somebody came in.
    const steps: readonly Step<TicketRefusal | CancelRefusal | PassRefusal | { readonly code: 'home_changed' }>[] = [
      step(ticket, ticketId, { kind: 'cancel', ...request, inherited, today, nowMs }),
      ...(isHome ? await voidAdmission(gates) : []),
      ...(comesBack(why, today, visitDate) ? passSteps(terms, { kind: 'return', ticketId }) : []),
    ];
    const done = await runner.runAll(steps, { ...meta, parkId });
    if (done.ok) return ok(null);
    // Whoever serves the gates by now has to be asked.
    if (done.refusal.code === 'home_changed') return cancel({ ticketId, ...request }, meta);
    return refuse(only(CODES, done.refusal));
  };
  return cancel;
}

const OF_TICKET = ['ticket_not_found', 'ticket_not_cancellable', 'only_staff_cancels_today'] as const;
const CODES = [...OF_TICKET, 'already_admitted'] as const;

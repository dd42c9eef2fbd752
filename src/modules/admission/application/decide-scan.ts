import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import type { AdmissionCommand, LetInOffline } from '../domain/admission-messages.ts';
import { admission } from '../domain/admission.ts';
import { gateRefusal, type GateRefusal } from '../domain/gate-check.ts';
import { admissionStreamId } from './admission-stream.ts';
import type { FollowCapacity } from './entry-limits.ts';
import type { FoundTicket } from './find-ticket.ts';
import { remainingOf, type Gatekeeper } from './gate-ticket.ts';
import type { Admissions, GateRules, ScanOutcome, ScanRecord } from './ports.ts';
import type { Scan } from './scan-answer.ts';

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly admissions: Admissions;
  readonly gateRules: GateRules;
  readonly followCapacity: FollowCapacity;
};

export type Caller = { readonly gatekeeper: Gatekeeper; readonly correlationId: string };

/** A refusal is `proposed` until it is kept: another process may have answered the scan meanwhile. */
export type Decision = { readonly record: ScanRecord; readonly state: 'counted' | 'answered before' | 'proposed' };
export type DecideScan = (scan: Scan, found: FoundTicket, caller: Caller) => Promise<Decision>;

type TicketFound = Extract<FoundTicket, { readonly kind: 'ticket' }>;

const proposed = (scanId: string, outcome: ScanOutcome, ticketId: string | null, remaining: number): Decision => ({
  record: { scanId, ticketId, outcome, people: 0, remaining, incidentId: null },
  state: 'proposed',
});

/** Why nobody passes for a reason that the party's own comings and goings have no part in. */
function refusalOf(
  { direction, decidedOffline }: Scan,
  { ticket, claims }: TicketFound,
  view: {
    readonly rightPark: boolean;
    readonly scannedAtMs: number;
    readonly nowMs: number;
    readonly scanDate: string;
  },
): GateRefusal | null {
  // Whoever is inside may go out at any time, whatever became of the ticket.
  if (direction === 'out') return view.rightPark ? null : 'wrong_park';
  // A gate that was cut off went by the code alone, and did right on what the ticket was when it was paid.
  const status = decidedOffline && ticket.status !== 'pending_payment' ? 'active' : ticket.status;
  return gateRefusal({ ...ticket, status }, { ...view, claims });
}

/** Decides one scan by itself. */
export function createDecideScan(dependencies: Dependencies): DecideScan {
  const { runner, ids, clock, zone, nodeId, admissions, gateRules, followCapacity } = dependencies;

  const letIn = ({ ticketId, status, partySize }: TicketFound['ticket']): LetInOffline => ({
    ticketEnded: status === 'cancelled' || status === 'refunded',
    incidentIds: Array.from({ length: partySize }, (_, index) => ids.derive(`incident:${ticketId}/${index + 1}`)),
  });

  /** People come in over the limit only where somebody insists, or where they are in, and only when there is no room. */
  async function pass(
    command: AdmissionCommand,
    override: AdmissionCommand['override'],
    meta: CommandMeta,
    isNew: boolean,
  ) {
    const streamId = admissionStreamId(ids, command.ticketId);
    const done = await runner.run(admission, streamId, command, meta, { isNew });
    const isFull = !done.ok && done.refusal.code === 'insufficient';
    if (!isFull || (override === null && command.offline === undefined)) return done;
    return runner.run(admission, streamId, { ...command, overLimit: true, override }, meta);
  }

  return async (scan, found, { gatekeeper, correlationId }) => {
    const { scanId, people, gate, saidAtMs } = scan;
    if (found.kind !== 'ticket') return proposed(scanId, found.kind, null, 0);
    const { ticketId, userId, parkId, visitDate, partySize, createdAtMs, status } = found.ticket;
    const { timeZone, reEntry, capacity } = await gateRules(parkId);
    const nowMs = clock.now();
    // Clocks of gates are wrong at times: no scan was made after it arrived, or of a ticket that was not there yet.
    const scannedAtMs = Math.max(Math.min(saidAtMs, nowMs), createdAtMs);
    const refuseAs = async (outcome: ScanOutcome): Promise<Decision> =>
      proposed(scanId, outcome, ticketId, remainingOf(found.ticket, await admissions.find(ticketId), reEntry));
    const scanDate = zone.dateAt(scannedAtMs, timeZone);
    const rightPark = gatekeeper.worksAt(parkId);
    const refusal = refusalOf(scan, found, { rightPark, scannedAtMs, nowMs, scanDate });
    if (refusal !== null) return refuseAs(refusal);
    const kind = scan.direction === 'in' ? 'admit' : 'exit';
    if (kind === 'admit') await followCapacity({ parkId, visitDate }, capacity, correlationId);
    const ticket = { ticketId, userId, parkId, visitDate, partySize };
    const limit = { overLimit: false, override: null };
    const offline = scan.decidedOffline && kind === 'admit' ? { offline: letIn(found.ticket) } : {};
    const mayInsist = scan.override !== null && gatekeeper.manages(parkId);
    const done = await pass(
      { kind, ...ticket, scanId, people, gate, saidAtMs, scannedAtMs, reEntry, nodeId, ...limit, ...offline },
      mayInsist ? { by: gatekeeper.actor, reason: scan.override.reason } : null,
      {
        actor: gatekeeper.actor,
        correlationId,
        commandId: ids.derive(`scan:${scanId}`),
        parkId,
        occurredAtMs: scannedAtMs,
      },
      // Only a hint: on most tickets that their seller does not know as used nobody has come in.
      kind === 'admit' && status === 'active',
    );
    if (!done.ok) {
      const { code } = done.refusal;
      assert(code !== 'claimed', 'a scan claims nothing');
      return refuseAs(code === 'insufficient' ? 'park_full' : code);
    }
    const { state, events, replayed } = done.value;
    const result = state.scans[scanId];
    // Absent when the scan has counted for another ticket meanwhile; that answer is found instead of this one.
    if (result === undefined) return proposed(scanId, 'unknown', null, 0);
    return {
      record: { scanId, ticketId, ...result },
      state: replayed || events.length === 0 ? 'answered before' : 'counted',
    };
  };
}

import { assert } from '../../../kernel/assert.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import { admission } from '../domain/admission.ts';
import { gateRefusal, type GateRefusal } from '../domain/gate-check.ts';
import type { FindTicket, FoundTicket } from './find-ticket.ts';
import { gateTicketOf, type Gatekeeper } from './gate-ticket.ts';
import type { GateRules } from './ports.ts';
import type { RefuseScan, Scan, ScanAnswer } from './scan-answer.ts';

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly findTicket: FindTicket;
  readonly refuseScan: RefuseScan;
  readonly gateRules: GateRules;
};

type Caller = { readonly gatekeeper: Gatekeeper; readonly correlationId: string };
type DecideScan = (scan: Scan, found: FoundTicket, caller: Caller) => Promise<ScanAnswer>;

function createDecideScan({ runner, ids, zone, refuseScan, gateRules }: Dependencies): DecideScan {
  function refusalOf(
    scan: Scan,
    { ticket, claims }: Extract<FoundTicket, { readonly kind: 'ticket' }>,
    view: { readonly rightPark: boolean; readonly timeZone: string },
  ): GateRefusal | null {
    const { rightPark, timeZone } = view;
    // Whoever is inside may go out at any time, whatever became of the ticket.
    if (scan.direction === 'out') return rightPark ? null : 'wrong_park';
    const { scannedAtMs } = scan;
    return gateRefusal(ticket, { rightPark, claims, scannedAtMs, scanDate: zone.dateAt(scannedAtMs, timeZone) });
  }

  return async (scan, found, { gatekeeper, correlationId }) => {
    if (found.kind !== 'ticket') return refuseScan(scan, found.kind, null, gatekeeper);
    const { ticket } = found;
    const { ticketId, userId, parkId, visitDate, partySize } = ticket;
    const { timeZone, reEntry } = await gateRules(parkId);
    const refusal = refusalOf(scan, found, { rightPark: gatekeeper.worksAt(parkId), timeZone });
    if (refusal !== null) return refuseScan(scan, refusal, { ticket, reEntry }, gatekeeper);
    const { scanId, people, gate, scannedAtMs } = scan;
    const kind = scan.direction === 'in' ? 'admit' : 'exit';
    const commandId = ids.derive(`scan:${scanId}`);
    const done = await runner.run(
      admission,
      ids.derive(`admission:${ticketId}`),
      { kind, ticketId, userId, parkId, visitDate, partySize, scanId, people, gate, scannedAtMs, reEntry },
      { actor: gatekeeper.actor, correlationId, commandId, parkId, occurredAtMs: scannedAtMs },
      // Only a hint: on most tickets that their seller does not know as used nobody has come in.
      { isNew: kind === 'admit' && ticket.status === 'active' },
    );
    if (!done.ok) {
      const { code } = done.refusal;
      assert(code === 'already_used' || code === 'partly_used', `a scan cannot be refused as ${code}`);
      return refuseScan(scan, code, { ticket, reEntry }, gatekeeper);
    }
    const { state, events, replayed } = done.value;
    const result = state.scans[scanId];
    // Absent when the scan counted for another ticket before: then that answer is the one to give.
    if (result === undefined) return refuseScan(scan, 'unknown', null, gatekeeper);
    const shown = gateTicketOf(ticket, { used: true, remaining: result.remaining }, gatekeeper);
    return { scanId, ...result, repeated: replayed || events.length === 0, ticket: shown };
  };
}

/** The indexes of scans that have to wait for each other: those of one ticket, in the order they were sent. */
function queuesOf(found: readonly FoundTicket[]): readonly (readonly number[])[] {
  const queues = new Map<string, number[]>();
  for (const [index, one] of found.entries()) {
    const key = one.kind === 'ticket' ? one.ticket.ticketId : String(index);
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [index]);
    else queue.push(index);
  }
  return [...queues.values()];
}

/** Answers scans in the order they were sent. Each is decided by itself; a repeat is harmless. */
export type ScanPeople = (
  scans: readonly Scan[],
  gatekeeper: Gatekeeper,
  correlationId: string,
) => Promise<readonly ScanAnswer[]>;

export function createScanPeople(dependencies: Dependencies): ScanPeople {
  const { clock, findTicket } = dependencies;
  const decide = createDecideScan(dependencies);
  return async (sent, gatekeeper, correlationId) => {
    // No scan was made after it arrived: a gate whose clock is ahead is corrected here, once.
    const nowMs = clock.now();
    const scans = sent.map((scan) => ({ ...scan, scannedAtMs: Math.min(scan.scannedAtMs, nowMs) }));
    const found = await Promise.all(scans.map(({ code }) => findTicket(code)));
    const answers = new Map<number, ScanAnswer>();
    const work = async (queue: readonly number[]): Promise<void> => {
      for (const index of queue) {
        const [scan, one] = [scans[index], found[index]];
        assert(scan && one, 'every scan was looked up');
        answers.set(index, await decide(scan, one, { gatekeeper, correlationId }));
      }
    };
    await Promise.all(queuesOf(found).map(work));
    return scans.map((_scan, index) => {
      const answer = answers.get(index);
      assert(answer, 'every scan was decided');
      return answer;
    });
  };
}

import { assert } from '../../../kernel/assert.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import { admission } from '../domain/admission.ts';
import { gateRefusal, type GateRefusal } from '../domain/gate-check.ts';
import { admissionStreamId } from './admission-stream.ts';
import type { FindTicket, FoundTicket } from './find-ticket.ts';
import { remainingOf, type Gatekeeper } from './gate-ticket.ts';
import type { Admissions, GateRules, ScanOutcome, ScanRecord, Tickets } from './ports.ts';
import { createShowAnswer, type Scan, type ScanAnswer } from './scan-answer.ts';

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly tickets: Tickets;
  readonly admissions: Admissions;
  readonly findTicket: FindTicket;
  readonly gateRules: GateRules;
};

type Caller = { readonly gatekeeper: Gatekeeper; readonly correlationId: string };

/** A refusal is `proposed` until it is kept: another process may have answered the scan meanwhile. */
type Decision = { readonly record: ScanRecord; readonly state: 'counted' | 'answered before' | 'proposed' };
type DecideScan = (scan: Scan, found: FoundTicket, caller: Caller) => Promise<Decision>;

const proposed = (scanId: string, outcome: ScanOutcome, ticketId: string | null, remaining: number): Decision => ({
  record: { scanId, ticketId, outcome, people: 0, remaining },
  state: 'proposed',
});

function createDecideScan({ runner, ids, clock, zone, admissions, gateRules }: Dependencies): DecideScan {
  function refusalOf(
    { direction }: Scan,
    { ticket, claims }: Extract<FoundTicket, { readonly kind: 'ticket' }>,
    view: { readonly rightPark: boolean; readonly scannedAtMs: number; readonly timeZone: string },
  ): GateRefusal | null {
    const { rightPark, scannedAtMs, timeZone } = view;
    // Whoever is inside may go out at any time, whatever became of the ticket.
    if (direction === 'out') return rightPark ? null : 'wrong_park';
    return gateRefusal(ticket, { rightPark, claims, scannedAtMs, scanDate: zone.dateAt(scannedAtMs, timeZone) });
  }

  return async (scan, found, { gatekeeper, correlationId }) => {
    const { scanId, people, gate, saidAtMs } = scan;
    if (found.kind !== 'ticket') return proposed(scanId, found.kind, null, 0);
    const { ticketId, userId, parkId, visitDate, partySize, createdAtMs, status } = found.ticket;
    const { timeZone, reEntry } = await gateRules(parkId);
    // Clocks of gates are wrong at times: no scan was made after it arrived, or of a ticket that was not there yet.
    const scannedAtMs = Math.max(Math.min(saidAtMs, clock.now()), createdAtMs);
    const refuseAs = async (outcome: ScanOutcome): Promise<Decision> =>
      proposed(scanId, outcome, ticketId, remainingOf(found.ticket, await admissions.find(ticketId), reEntry));
    const refusal = refusalOf(scan, found, { rightPark: gatekeeper.worksAt(parkId), scannedAtMs, timeZone });
    if (refusal !== null) return refuseAs(refusal);
    const kind = scan.direction === 'in' ? 'admit' : 'exit';
    const commandId = ids.derive(`scan:${scanId}`);
    const times = { saidAtMs, scannedAtMs };
    const done = await runner.run(
      admission,
      admissionStreamId(ids, ticketId),
      { kind, ticketId, userId, parkId, visitDate, partySize, scanId, people, gate, ...times, reEntry },
      { actor: gatekeeper.actor, correlationId, commandId, parkId, occurredAtMs: scannedAtMs },
      // Only a hint: on most tickets that their seller does not know as used nobody has come in.
      { isNew: kind === 'admit' && status === 'active' },
    );
    if (!done.ok) {
      const { code } = done.refusal;
      assert(code !== 'insufficient' && code !== 'claimed', `a scan cannot be refused as ${code}`);
      return refuseAs(code);
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

/** A scan, what its code led to, and the answer it got before, if any. */
type Entry = { readonly scan: Scan; readonly found: FoundTicket; readonly known: ScanRecord | null };

/** Scans that have to wait for each other: those of one ticket, in the order they were sent. */
function queuesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const queues = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = entry.found.kind === 'ticket' ? entry.found.ticket.ticketId : entry.scan.scanId;
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [entry]);
    else queue.push(entry);
  }
  return [...queues.values()];
}

/** Answers scans in the order they were sent. Each is decided by itself, once: a repeat gets the first answer. */
export type ScanPeople = (
  scans: readonly Scan[],
  gatekeeper: Gatekeeper,
  correlationId: string,
) => Promise<readonly ScanAnswer[]>;

export function createScanPeople(dependencies: Dependencies): ScanPeople {
  const { admissions, findTicket } = dependencies;
  const decide = createDecideScan(dependencies);
  const show = createShowAnswer(dependencies);

  const lookUp = async (scan: Scan): Promise<Entry> => {
    const accepts = scan.direction === 'in' ? 'signed' : 'any';
    const [known, found] = await Promise.all([admissions.findScan(scan.scanId), findTicket(scan.code, accepts)]);
    return { scan, found, known };
  };

  async function decideAll(queue: readonly Entry[], caller: Caller): Promise<readonly [Entry, Decision][]> {
    const decisions: [Entry, Decision][] = [];
    for (const entry of queue) {
      const { scan, found, known } = entry;
      const before = known === null ? null : ({ record: known, state: 'answered before' } as const);
      decisions.push([entry, before ?? (await decide(scan, found, caller))]);
    }
    return decisions;
  }

  async function answer(
    [{ found }, { record, state }]: [Entry, Decision],
    gatekeeper: Gatekeeper,
  ): Promise<ScanAnswer> {
    const ticket = found.kind === 'ticket' ? found.ticket : null;
    // All refusals of a call are kept together, before any is told.
    const kept =
      state === 'proposed' ? await admissions.keepRefusal(record) : { record, repeated: state === 'answered before' };
    return show({ ...kept, ticket }, gatekeeper);
  }

  return async (scans, gatekeeper, correlationId) => {
    // A scan that was sent twice is decided as it was sent first.
    const once = new Map(scans.toReversed().map((scan) => [scan.scanId, scan]));
    const entries = await Promise.all(scans.filter((scan) => once.get(scan.scanId) === scan).map(lookUp));
    const caller = { gatekeeper, correlationId };
    const decided = (await Promise.all(queuesOf(entries).map((queue) => decideAll(queue, caller)))).flat();
    const given = await Promise.all(decided.map((one) => answer(one, gatekeeper)));
    const answers = new Map(given.map((one) => [one.scanId, one]));
    return scans.map((scan) => {
      const first = answers.get(scan.scanId);
      assert(first, 'every scan was decided');
      return once.get(scan.scanId) === scan ? first : { ...first, repeated: true };
    });
  };
}

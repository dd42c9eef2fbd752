import { assert } from '../../../kernel/assert.ts';
import {
  step,
  type CommandMeta,
  type CommandRunner,
  type Step,
  type UnitDone,
} from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock, Zone } from '../../../kernel/time.ts';
import type {
  AdmissionCommand,
  AdmissionEvent,
  AdmissionRefusal,
  PassedOffline,
} from '../domain/admission-messages.ts';
import { admission } from '../domain/admission.ts';
import { firstAnswer, type ScanRecord } from '../domain/first-answer.ts';
import {
  dayAtGate,
  endedOffline,
  gateRefusal,
  LATEST_ARRIVAL_MS,
  type GateRefusal,
  type GateView,
} from '../domain/gate-check.ts';
import { gateDayGoesOn } from '../domain/gate-day-end.ts';
import { refusedScan, type ScanRefusal, type ScanRefused } from '../domain/refused-scan.ts';
import type { FollowCapacity } from './entry-limits.ts';
import type { FoundTicket } from './find-ticket.ts';
import { incidentIdsOf } from './incidents.ts';
import type { GateDayStreams } from './gate-day-streams.ts';
import { remainingOf, type Gatekeeper } from './gate-ticket.ts';
import { admissionsOf, type OwnStream, type OwnStreams } from './own-streams.ts';
import type { Admissions, GateRules } from './ports.ts';
import type { Scan } from './scan-answer.ts';
import type { Gates } from './served-here.ts';

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly admissions: Admissions;
  readonly ownStreams: OwnStreams;
  readonly gateDayStreams: GateDayStreams;
  readonly gateRules: GateRules;
  readonly followCapacity: FollowCapacity;
};

export type Caller = { readonly gatekeeper: Gatekeeper; readonly correlationId: string };

/** `repeated`: the scan was answered before, here or by another process. */
export type Decision = { readonly record: ScanRecord; readonly repeated: boolean };
/** A scan, what its code led to, and whose gates it was made for. */
export type ScanAtGates = { readonly scan: Scan; readonly found: FoundTicket; readonly gates: Pick<Gates, 'nodes'> };
export type DecideScan = (asked: ScanAtGates, caller: Caller) => Promise<Decision>;

type TicketFound = Extract<FoundTicket, { readonly kind: 'ticket' }>;

/** Why nobody passes for a reason that the party's own comings and goings have no part in. */
function refusalOf(
  { direction, decidedOffline }: Scan,
  { ticket, claims }: TicketFound,
  view: Omit<GateView, 'claims'>,
): GateRefusal | null {
  // Whoever is inside may go out at any time, whatever became of the ticket. And whom a gate that was cut off let in is in.
  if (direction === 'out' || decidedOffline) return view.rightPark ? null : 'wrong_park';
  return gateRefusal(ticket, { ...view, claims });
}

const metaOf = (ids: Ids, scanId: string, { gatekeeper, correlationId }: Caller) => ({
  actor: gatekeeper.actor,
  correlationId,
  commandId: ids.derive(`scan:${scanId}`),
});

const answerOf = (scanId: string, { events, replayed }: UnitDone): Decision => ({
  // That the day was reopened for it says nothing about the scan.
  record: firstAnswer(
    scanId,
    events.filter(({ type }) => type !== 'GateDayReopened') as readonly (AdmissionEvent | ScanRefused)[],
  ),
  repeated: replayed,
});

function passedOffline(ids: Ids, { ticket, claims }: TicketFound): PassedOffline {
  return { endedAs: endedOffline(ticket, claims), incidentIds: incidentIdsOf(ids, ticket) };
}

type Log = Pick<Dependencies, 'runner' | 'ids' | 'clock' | 'nodeId' | 'ownStreams' | 'gateDayStreams'>;

const createRefuse =
  ({ runner, ids, ownStreams }: Pick<Log, 'runner' | 'ids' | 'ownStreams'>) =>
  async (refusal: ScanRefused['data'], caller: Caller): Promise<Decision> => {
    const { scanId, parkId, scannedAtMs: occurredAtMs } = refusal;
    const meta = { ...metaOf(ids, scanId, caller), occurredAtMs, ...(parkId === null ? {} : { parkId }) };
    // The answer to a scan is its node's own; that there is none yet was looked up.
    const { streamId } = ownStreams(`refused-scan:${scanId}`, []);
    const done = await runner.run(refusedScan, streamId, refusal, meta, { isNew: true });
    assert(done.ok, 'a scan can always be refused');
    return answerOf(scanId, done.value);
  };

type Passing = {
  readonly command: AdmissionCommand;
  readonly stream: OwnStream;
  /** Whether nobody is believed to have come in. */
  readonly isNew: boolean;
};

/**
 * Nobody comes in once the day has ended at its gates. Who goes out, and whom a gate that was cut off has let in already, is
 * written down at any time.
 */
async function stepsOf({ clock, nodeId, gateDayStreams }: Log, { command, stream, isNew }: Passing) {
  const { parkId, visitDate, kind, offline } = command;
  const passing = step(admission, stream.streamId, command, { isNew, besides: stream.besides });
  const steps: Step<AdmissionRefusal | { readonly code: 'gate_day_ended' }>[] = [passing];
  if (kind === 'admit' && offline === undefined) {
    const streamId = await gateDayStreams.endOf(parkId, visitDate, nodeId);
    steps.push(step(gateDayGoesOn, streamId, { parkId, date: visitDate, nowMs: clock.now() }));
  }
  return steps;
}

/**
 * People come in over the limit only where somebody insists, or where they are in, and only when there is no room. Whoever goes out
 * does, also when the counters of this node do not know them.
 */
const createPass =
  (log: Log) => async (passing: Passing, override: AdmissionCommand['override'], meta: CommandMeta) => {
    const { runner } = log;
    const { command } = passing;
    const done = await runner.runAll(await stepsOf(log, passing), meta);
    const isFull = !done.ok && done.refusal.code === 'insufficient';
    const mayPass = override !== null || command.offline !== undefined || command.kind === 'exit';
    if (!isFull || !mayPass) return done;
    const overLimit = { ...passing, command: { ...command, overLimit: true, override }, isNew: false };
    return runner.runAll(await stepsOf(log, overLimit), meta);
  };

/** Decides one scan by itself. An admission and a refusal are stored under one id, so of two processes one gives the answer. */
export function createDecideScan(dependencies: Dependencies): DecideScan {
  const { ids, clock, zone, nodeId, ownStreams, admissions, gateRules, followCapacity } = dependencies;
  const refuseAs = createRefuse(dependencies);
  const pass = createPass(dependencies);

  async function decideTicket(asked: ScanAtGates, found: TicketFound, caller: Caller): Promise<Decision> {
    const { scan, gates } = asked;
    const { scanId, people, gate, saidAtMs, direction } = scan;
    const { gatekeeper, correlationId } = caller;
    const { ticketId, userId, parkId, partySize, createdAtMs, status } = found.ticket;
    const isOffline = scan.decidedOffline && direction === 'in';
    const visitDate = isOffline ? dayAtGate(found.ticket, found.claims) : found.ticket.visitDate;
    const { timeZone, reEntry, capacity } = await gateRules(parkId);
    const nowMs = clock.now();
    // Clocks of gates are wrong at times: no scan was made after it arrived, or of a ticket that was not there yet.
    const scannedAtMs = Math.max(Math.min(saidAtMs, nowMs), createdAtMs);
    const seen = { scanId, gate, saidAtMs, scannedAtMs, nodeId };
    const rightPark = gatekeeper.worksAt(parkId);
    const refuse = async (outcome: ScanRefusal): Promise<Decision> => {
      const remaining = remainingOf(found.ticket, await admissions.find(ticketId), reEntry);
      return refuseAs({ ...seen, ticketId, parkId: rightPark ? parkId : null, outcome, remaining, direction }, caller);
    };
    const scanDate = zone.dateAt(scannedAtMs, timeZone);
    const refusal = refusalOf(scan, found, { rightPark, scannedAtMs, nowMs, scanDate });
    if (refusal !== null) return refuse(refusal);
    const kind = direction === 'in' ? 'admit' : 'exit';
    if (kind === 'admit') await followCapacity({ parkId, visitDate }, capacity, correlationId);
    const ticket = { ticketId, userId, parkId, visitDate, partySize };
    const offline = scan.decidedOffline ? { offline: passedOffline(ids, found) } : {};
    const mayInsist = scan.override !== null && gatekeeper.manages(parkId);
    const done = await pass(
      {
        command: { kind, ...ticket, ...seen, people, reEntry, overLimit: false, override: null, ...offline },
        stream: ownStreams(admissionsOf(ticketId), gates.nodes),
        // Only a hint: on most tickets that their seller does not know as used nobody has come in.
        isNew: kind === 'admit' && status === 'active',
      },
      mayInsist ? { by: gatekeeper.actor, reason: scan.override.reason } : null,
      { ...metaOf(ids, scanId, caller), parkId, occurredAtMs: scannedAtMs },
    );
    if (done.ok && done.value.events.length === 0) {
      // What another node answered came while this one was deciding.
      const record = await admissions.findScan(scanId);
      assert(record, 'a scan that was told twice was answered once');
      return { record, repeated: true };
    }
    if (done.ok) return answerOf(scanId, done.value);
    const { code } = done.refusal;
    assert(code !== 'claimed', 'a scan claims nothing');
    if (code === 'gate_day_ended') return refuse('expired');
    return refuse(code === 'insufficient' ? 'park_full' : code);
  }

  return (asked, caller) => {
    const { scan, found } = asked;
    if (found.kind === 'ticket') return decideTicket(asked, found, caller);
    const { scanId, gate, saidAtMs, direction } = scan;
    const nowMs = clock.now();
    // No ticket bounds it below; what was scanned longer ago counts no more anyhow.
    const scannedAtMs = Math.max(Math.min(saidAtMs, nowMs), nowMs - LATEST_ARRIVAL_MS);
    const nothing = { ticketId: null, parkId: null, outcome: found.kind, remaining: 0 };
    return refuseAs({ ...nothing, scanId, direction, gate, saidAtMs, scannedAtMs, nodeId }, caller);
  };
}

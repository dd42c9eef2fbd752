import { assert } from '../../../kernel/assert.ts';
import { isRefusal, type ScanRecord } from '../domain/first-answer.ts';
import { createDecideScan, type Caller, type Decision, type ScanAtGates } from './decide-scan.ts';
import type { FindTicket } from './find-ticket.ts';
import type { Gatekeeper } from './gate-ticket.ts';
import { createLookAtGates, type Gates } from './served-here.ts';
import type { GatesOf, Tickets } from './ports.ts';
import { createShowAnswer, type Scan, type ScanAnswer } from './scan-answer.ts';

type Dependencies = Parameters<typeof createDecideScan>[0] & {
  readonly tickets: Tickets;
  readonly findTicket: FindTicket;
  readonly gatesOf: GatesOf;
};

/** Nothing is kept of it, so that the node whose gates it is for gives the first answer. */
const elsewhere = (scanId: string): ScanAnswer => {
  const nobody = { people: 0, remaining: 0, incidentId: null, repeated: false, ticket: null, firstAdmitted: null };
  return { scanId, outcome: 'not_home', ...nobody, knownHere: true };
};

/** A scan with the answer it got before, if any. */
type Entry = ScanAtGates & { readonly gates: Gates; readonly known: ScanRecord | null };

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

/**
 * Answers scans in the order they were sent. Each is decided by itself, once: a repeat gets the first answer. But a gate that
 * asked, did not hear that nobody may pass, or fewer, and let them in by the code alone says so under the same id: they are in.
 * Those for gates of other nodes, which alone may say who came in by them, are answered `not_home`, and nothing is decided.
 */
export type ScanPeople = (
  scans: readonly Scan[],
  gatekeeper: Gatekeeper,
  correlationId: string,
) => Promise<readonly ScanAnswer[]>;

export function createScanPeople(dependencies: Dependencies): ScanPeople {
  const { admissions, findTicket, ids } = dependencies;
  const lookAtGates = createLookAtGates(dependencies);
  const decide = createDecideScan(dependencies);
  const show = createShowAnswer(dependencies);

  const lookUp = async (scan: Scan, gatekeeper: Gatekeeper): Promise<Entry> => {
    const accepts = scan.direction === 'out' ? 'any' : scan.decidedOffline ? 'let_in' : 'signed';
    const [known, found] = await Promise.all([admissions.findScan(scan.scanId), findTicket(scan.code, accepts)]);
    return { scan, found, known, gates: await lookAtGates(scan, found, gatekeeper) };
  };

  const decideOnce = async ({ known, ...asked }: Entry, caller: Caller): Promise<Decision> =>
    known === null ? decide(asked, caller) : { record: known, repeated: true };

  async function decideOne(entry: Entry, caller: Caller): Promise<Decision> {
    const { scan } = entry;
    const first = await decideOnce(entry, caller);
    if (!scan.decidedOffline || scan.direction === 'out' || !first.repeated) return first;
    // Those who came in beyond the first answer. It stays the answer when they cannot count, or when it was for as many.
    const people = (scan.people ?? 0) - first.record.people;
    if (people <= 0) return first;
    const scanId = ids.derive(`scan:${scan.scanId}/offline`);
    const before = await admissions.findScan(scanId);
    const { record, repeated } = await decideOnce(
      { ...entry, scan: { ...scan, scanId, people }, known: before },
      caller,
    );
    if (isRefusal(record)) return first;
    return { record: { ...record, scanId: scan.scanId, people: first.record.people + record.people }, repeated };
  }

  async function decideAll(queue: readonly Entry[], caller: Caller): Promise<readonly [Entry, Decision][]> {
    const decisions: [Entry, Decision][] = [];
    for (const entry of queue) {
      decisions.push([entry, await decideOne(entry, caller)]);
    }
    return decisions;
  }

  const answer = ([{ found }, decision]: [Entry, Decision], gatekeeper: Gatekeeper): Promise<ScanAnswer> =>
    show({ ...decision, ticket: found.kind === 'ticket' ? found.ticket : null }, gatekeeper);

  return async (scans, gatekeeper, correlationId) => {
    // A scan that was sent twice is decided as it was sent first.
    const once = new Map(scans.toReversed().map((scan) => [scan.scanId, scan]));
    const entries = await Promise.all(
      scans.filter((scan) => once.get(scan.scanId) === scan).map((scan) => lookUp(scan, gatekeeper)),
    );
    const [here, away] = [true, false].map((are) => entries.filter(({ gates }) => gates.areHere === are));
    const caller = { gatekeeper, correlationId };
    const decided = (await Promise.all(queuesOf(here ?? []).map((queue) => decideAll(queue, caller)))).flat();
    const given = await Promise.all(decided.map((one) => answer(one, gatekeeper)));
    const foreign = (away ?? []).map(({ scan: { scanId } }) => elsewhere(scanId));
    const answers = new Map([...given, ...foreign].map((one) => [one.scanId, one]));
    return scans.map((scan) => {
      const first = answers.get(scan.scanId);
      assert(first, 'every scan was decided');
      const isFirst = once.get(scan.scanId) === scan || first.outcome === 'not_home';
      return isFirst ? first : { ...first, repeated: true };
    });
  };
}

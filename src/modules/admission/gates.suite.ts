import { generateKeyPairSync } from 'node:crypto';
import type { TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createEd25519Signer, createEd25519Verifier } from '../../infrastructure/keys/ed25519-signer.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createIssueAdmissionCode, createReadAdmissionCode } from './application/admission-codes.ts';
import { createFollowCapacity } from './application/entry-limits.ts';
import { createGateDayStreams } from './application/gate-day-streams.ts';
import { createFindTicket } from './application/find-ticket.ts';
import type { GateTicketFacts } from './application/ports.ts';
import type { Scan, ScanAnswer } from './application/scan-answer.ts';
import { createOwnStreams } from './application/own-streams.ts';
import { createScanPeople } from './application/scan-people.ts';
import type { ReEntry } from './domain/admission-messages.ts';
import { createAdmissions } from './persistence/admissions.ts';

export const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
export const clock = createManualClock(NOW_MS);

const keys = generateKeyPairSync('ed25519');
const shelf = new Map<string, GateTicketFacts>();
const tickets = {
  byId: (ticketId: string) => Promise.resolve(shelf.get(ticketId) ?? null),
  byQrCode: (qrCode: string) => Promise.resolve([...shelf.values()].find((one) => one.qrCode === qrCode) ?? null),
};
const worksAt = (parkId: string) => parkId === 'ala-archa';
const staff = { actor: 'user:gate', worksAt, manages: () => false };
const manager = { actor: 'user:manager', worksAt, manages: worksAt };

/** The signed code of a ticket. */
export const codeOf = createIssueAdmissionCode(createEd25519Signer(keys));

/** A ticket as whoever sold it knows it. */
type SoldTicket = GateTicketFacts & { readonly qrCode: string };

/** Puts a ticket of four on the shelf, good at `NOW_MS`. */
export function sell(change: Partial<SoldTicket> = {}): SoldTicket {
  const ticket: SoldTicket = {
    ticketId: ids.next(),
    qrCode: ids.secret(16),
    userId: ids.next(),
    parkId: 'ala-archa',
    visitDate: '2026-12-05',
    movedFrom: null,
    leaving: null,
    isPaid: true,
    status: 'active',
    partySize: 4,
    children: [{ firstName: 'Aibek', ageBand: '3-6' }],
    createdAtMs: Date.parse('2026-12-01T06:00:00Z'),
    validFromMs: Date.parse('2026-12-05T03:00:00Z'),
    validUntilMs: Date.parse('2026-12-05T14:30:00Z'),
    ...change,
  };
  shelf.set(ticket.ticketId, ticket);
  return ticket;
}

/** What becomes of a ticket that was sold. */
export const change = (ticket: GateTicketFacts, status: GateTicketFacts['status']): void => {
  shelf.set(ticket.ticketId, { ...ticket, status });
};

export const scanOf = (code: string, more: Partial<Scan> = {}): Scan => ({
  scanId: ids.next(),
  code,
  direction: 'in',
  people: undefined,
  saidAtMs: NOW_MS,
  gate: 'main',
  override: null,
  decidedOffline: false,
  ...more,
});

export type Gate = (...scans: readonly Scan[]) => Promise<readonly ScanAnswer[]>;

type GateSettings = {
  readonly reEntry?: () => ReEntry;
  /** Most people inside at once. */
  readonly capacity?: () => number;
  readonly isManager?: boolean;
  /** What the process knows of a ticket, where it lags behind. */
  readonly sees?: (ticket: GateTicketFacts) => GateTicketFacts;
};

/** A gate of `ala-archa` that talks to the given process. */
export function gateOn(node: TestNode, { reEntry, capacity, isManager = false, sees }: GateSettings = {}): Gate {
  const known = (ticket: GateTicketFacts | null) => (ticket === null ? null : (sees?.(ticket) ?? ticket));
  const seen = {
    byId: async (ticketId: string) => known(await tickets.byId(ticketId)),
    byQrCode: async (qrCode: string) => known(await tickets.byQrCode(qrCode)),
  };
  const gateRules = () =>
    Promise.resolve({
      timeZone: 'Asia/Bishkek',
      reEntry: reEntry?.() ?? 'none',
      capacity: capacity?.() ?? 100_000,
    });
  const gateDayStreams = createGateDayStreams({ ...node, ids, nodeId: 'test', parkId: null });
  const scanPeople = createScanPeople({
    ...node,
    ids,
    clock,
    zone: createZone(),
    nodeId: 'test',
    gatesOf: async () => ({ home: 'test', nodes: [] }),
    ownStreams: createOwnStreams({ ids, nodeId: 'test', parkId: null }),
    gateDayStreams,
    tickets: seen,
    admissions: createAdmissions(node.database, 'test'),
    findTicket: createFindTicket(createReadAdmissionCode(createEd25519Verifier([keys.publicKey])), seen, null),
    gateRules,
    followCapacity: createFollowCapacity({ ...node, nodeId: 'test', gateDayStreams, gateRules }),
  });
  return (...scans) => scanPeople(scans, isManager ? manager : staff, 'test');
}

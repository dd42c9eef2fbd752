import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import { createTwiceReadClock } from '../../kernel/twice-read-clock.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import type { Job, Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import {
  createIssueAdmissionCode,
  createReadAdmissionCode,
  type IssueAdmissionCode,
} from './application/admission-codes.ts';
import { createDeviceCertificates } from './application/device-certificates.ts';
import { createManageDevices, type Devices, type HashSecret, type ManageDevices } from './application/devices.ts';
import { createMergeDeviceLog, type VerifyDevice } from './application/merge-device-log.ts';
import { createEndGateDays, createIsGateDayEnded, type IsGateDayEnded } from './application/end-gate-days.ts';
import { createFollowCapacity } from './application/entry-limits.ts';
import {
  createGateCards,
  createGateCardsOf,
  withGateCards,
  type GateCards,
  type GateCardsOf,
} from './application/gate-cards.ts';
import {
  createGoOnAtGates,
  createInheritGates,
  type GoOnAtGates,
  type InheritGates,
} from './application/inherit-gates.ts';
import { createGateDayStreams } from './application/gate-day-streams.ts';
import { createFindTicket } from './application/find-ticket.ts';
import { createResolveIncident } from './application/incidents.ts';
import { createOccupancy, type Occupancy } from './application/occupancy.ts';
import { createOwnStreams } from './application/own-streams.ts';
import { createRecountTakenBack, type RecountTakenBack, type TakenBack } from './application/recount-taken-back.ts';
import { createReadGateBundle, type GateKeysOf } from './application/gate-bundle.ts';
import { createPeopleInside } from './application/people-inside.ts';
import type { Admissions, ClosingOf, GateRules, GatesOf, HomeOf, HomesOf, Tickets } from './application/ports.ts';
import { createScanPeople } from './application/scan-people.ts';
import { createValidateTicket } from './application/validate-ticket.ts';
import { createCompareHeads, type NodeLog } from './application/witnesses.ts';
import { createAnswerVoid, type AnswerVoid } from './application/answer-void.ts';
import { createVoidStep, type VoidStep } from './application/void-admission.ts';
import type { CodeSigner, CodeVerifier } from './contract.ts';
import type { Digest } from './domain/device-log.ts';
import { listForksRoute, mergeLogRoute, renewCertificateRoute } from './http/device-log.ts';
import { createDeviceTokens } from './http/device-tokens.ts';
import { enrolDeviceRoute, inviteDeviceRoute, listDevicesRoute, revokeDeviceRoute } from './http/devices.ts';
import { gateBundleRoute } from './http/gate-bundle.ts';
import { listIncidentsRoute, resolveIncidentRoute } from './http/incidents.ts';
import { scanPeopleRoute } from './http/scan-people.ts';
import { validateByPathRoute, validateTicketRoute } from './http/validate-ticket.ts';
import { admissionsProjection, createAdmissions, createToldInside } from './persistence/admissions.ts';
import { createHasAdmitted } from './persistence/admitted-on.ts';
import { createDeviceLogs, deviceLogsProjection } from './persistence/device-logs.ts';
import { createDevices, devicesProjection } from './persistence/devices.ts';
import { admissionEvents } from './persistence/events.ts';
import { createGateCardTable } from './persistence/gate-cards.ts';
import { createGateDays, gateDaysProjection } from './persistence/gate-days.ts';
import { createIncidents, incidentsProjection } from './persistence/incidents.ts';
import { createLinkAt } from './persistence/link-at.ts';
import { createScansOfTickets } from './persistence/scans-of-tickets.ts';
import { createTakenBack } from './persistence/taken-back.ts';

export type AdmissionModule = Module & {
  readonly issueCode: IssueAdmissionCode;
  readonly occupancy: Occupancy;
  /** Ends a ticket at the gates, as a part of its cancellation. */
  readonly voidStep: VoidStep;
  /** The gates' answer to headquarters, where they are this node's. */
  readonly answerVoid: AnswerVoid;
  /** At headquarters: goes on with the gates of a node that was revoked. */
  readonly inheritGates: InheritGates;
  readonly goOnAtGates: GoOnAtGates;
  /** At a park: what comes before that, of tickets by which two lives of its log let people in. */
  readonly recountTakenBack: RecountTakenBack;
  /** At a park: whether either is still to be done. */
  readonly catchingUp: Pick<TakenBack, 'fallBehind' | 'behindSince' | 'caughtUp'>;
  /** Whether the gates of a day, of whichever node, have said that it is over. */
  readonly isGateDayEnded: IsGateDayEnded;
  /** Who of a ticket has come in; null when nobody has. */
  readonly findAdmission: Admissions['find'];
  /** When the people of some tickets came and went, for other parts of the program. */
  readonly scansOf: ReturnType<typeof createScansOfTickets>;
  readonly hasAdmitted: ReturnType<typeof createHasAdmitted>;
  /** For operators at a command line. */
  readonly devices: Pick<Devices, 'find' | 'list'> & Pick<ManageDevices, 'revoke'>;
  /** At headquarters: whom gates look for on some tickets of a park, for its node. */
  readonly gateCardsOf: GateCardsOf;
  /** At the node of a park: takes that; null at headquarters. */
  readonly gateCards: GateCards | null;
  /** Knows gate devices by their credentials. */
  readonly deviceTokens: TokenVerifier;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'balances' | 'headPosition' | 'load'>;
  readonly nodeId: string;
  /** The park of a park's node; null at headquarters. */
  readonly parkId: string | null;
  readonly database: Database;
  readonly vault: Vault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly signer: CodeSigner;
  readonly verifier: CodeVerifier;
  /** What gates check codes with where there is no network. */
  readonly gateKeys: GateKeysOf;
  readonly tickets: Tickets;
  readonly homeOf: HomeOf;
  readonly gatesOf: GatesOf;
  readonly homesOf: HomesOf;
  readonly parkIds: () => Promise<readonly string[]>;
  readonly closingOf: ClosingOf;
  readonly gateRules: GateRules;
  readonly hashSecret: HashSecret;
  readonly digest: Digest;
  /** Where the log of this node is. */
  readonly nodeHead: NodeLog['head'];
  /** When this node last heard headquarters; null before the first time. */
  readonly heardAtMs: () => Promise<number | null>;
  readonly verifyDevice: VerifyDevice;
  /** The authority that devices are told of when they are enrolled, as PEM; null: none of our own. */
  readonly authorityPem: string | null;
  /** Most people that a device may let in alone in an hour. */
  readonly alonePerHour: number;
};

export const admissionManifest: Manifest = {
  name: 'admission',
  events: admissionEvents,
  projections: [admissionsProjection, devicesProjection, deviceLogsProjection, gateDaysProjection, incidentsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Names for the gates: headquarters knows them of its tickets, a park has cards. */
function openGateCards({ tickets, ...dependencies }: Dependencies) {
  const { parkId, database } = dependencies;
  const gateCardsOf = createGateCardsOf({ ...dependencies, tickets });
  if (parkId === null) return { tickets, gateCardsOf, gateCards: null };
  const gateCards = createGateCards({ ...dependencies, parkId, table: createGateCardTable(database) });
  const forget: Job = {
    name: 'forget gate cards',
    everyMs: 3_600_000,
    runsAt: 'park',
    run: ({ limit }) => gateCards.forgetOld(limit),
  };
  return { tickets: withGateCards(tickets, gateCards), gateCardsOf, gateCards, jobs: [forget] };
}

/** With the gates of another node, or of another life of this one. */
const goingOn = (
  parts: Parameters<typeof createInheritGates>[0] & Parameters<typeof createRecountTakenBack>[0],
): Pick<AdmissionModule, 'inheritGates' | 'goOnAtGates' | 'recountTakenBack'> => ({
  inheritGates: createInheritGates(parts),
  goOnAtGates: createGoOnAtGates(parts),
  recountTakenBack: createRecountTakenBack(parts),
});

/** Gates: signed codes, who came in, who went out. */
export function createAdmissionModule(dependencies: Dependencies): AdmissionModule {
  const { database, vault, store, signer, verifier, parkId, digest } = dependencies;
  const { tickets, ...cards } = openGateCards(dependencies);
  const admissions = createAdmissions(database, dependencies.nodeId);
  const peopleInside = createPeopleInside(store);
  const toldInside = createToldInside(database);
  const takenBack = createTakenBack(database);
  const served = {
    ...dependencies,
    ownStreams: createOwnStreams(dependencies),
    gateDayStreams: createGateDayStreams(dependencies),
  };
  const parts = {
    ...served,
    tickets,
    admissions,
    peopleInside,
    findTicket: createFindTicket(createReadAdmissionCode(verifier), tickets, parkId),
    followCapacity: createFollowCapacity(served),
  };
  const endGateDays = createEndGateDays({ ...served, clock: createTwiceReadClock(dependencies.clock) });
  const validateTicket = createValidateTicket(parts);
  const devices = createDevices(database);
  const incidents = createIncidents(database, vault);
  const certificates = createDeviceCertificates(dependencies);
  const manageDevices = createManageDevices({ ...dependencies, devices, certificates });
  const deviceLogs = createDeviceLogs(database);
  const nodeLog = { head: dependencies.nodeHead, linkAt: createLinkAt(database) };
  const compareHeads = createCompareHeads({ ...dependencies, nodeLog });
  const scanPeople = createScanPeople(parts);
  return {
    ...admissionManifest,
    routes: [
      scanPeopleRoute(scanPeople, compareHeads),
      validateByPathRoute(validateTicket),
      validateTicketRoute(validateTicket),
      gateBundleRoute(createReadGateBundle({ ...parts, gateDays: createGateDays(database) }), digest),
      listDevicesRoute(devices, deviceLogs),
      inviteDeviceRoute(manageDevices),
      revokeDeviceRoute(manageDevices, devices),
      enrolDeviceRoute(manageDevices, dependencies.authorityPem),
      renewCertificateRoute(certificates, devices),
      mergeLogRoute(createMergeDeviceLog({ ...parts, deviceLogs, certificates, scanPeople }), devices, compareHeads),
      listForksRoute(devices, deviceLogs),
      listIncidentsRoute(incidents),
      resolveIncidentRoute(createResolveIncident(parts), incidents),
    ],
    ...cards,
    jobs: [
      ...(cards.jobs ?? []),
      { name: 'end gate days', everyMs: 60_000, runsAt: 'park', run: ({ meta }) => endGateDays(meta) },
    ],
    issueCode: createIssueAdmissionCode(signer),
    occupancy: createOccupancy({ ...parts, toldInside }),
    voidStep: createVoidStep(served),
    ...goingOn({ ...parts, toldInside, takenBack }),
    catchingUp: takenBack,
    answerVoid: createAnswerVoid(served),
    isGateDayEnded: createIsGateDayEnded(served),
    findAdmission: (ticketId) => admissions.find(ticketId),
    scansOf: createScansOfTickets(database),
    hasAdmitted: createHasAdmitted(database),
    devices: {
      find: (deviceId) => devices.find(deviceId),
      list: (page) => devices.list(page),
      revoke: (deviceId, meta) => manageDevices.revoke(deviceId, meta),
    },
    deviceTokens: createDeviceTokens({ ...dependencies, devices }),
  };
}

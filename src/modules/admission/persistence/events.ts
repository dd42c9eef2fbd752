import type { JsonObject } from '../../../kernel/event-store.ts';
import { defineEvent } from '../../../kernel/event-definition.ts';
import type { AdmissionVoided, GateDayEnded, VoidDenied } from '../contract.ts';
import type {
  EntryLimitExceeded,
  EntryLimitOverridden,
  PeopleAdmitted,
  PeopleAdmittedInExcess,
  PeopleExited,
} from '../domain/admission-messages.ts';
import type { DeviceEnrolled, DeviceInvited, DeviceRevoked } from '../domain/device.ts';
import type { EntryLimitSet, GateDayInherited } from '../domain/entry-limit.ts';
import type { IncidentResolved } from '../domain/incident.ts';
import type { DeviceLogForked, DeviceLogMerged, DeviceQuotaExceeded } from '../domain/merged-log.ts';
import type { NodeRollbackTold } from '../domain/node-witness.ts';
import type { ScanRefused } from '../domain/refused-scan.ts';

/** Version 2 tells which node stored the scan and what the counters of the day know of; there were none before. */
const uncounted = (data: JsonObject): JsonObject => ({ ...data, nodeId: 'hq', counted: 0 });

/** What happens at the gates of a park with a node of its own happens there first. */
const TOLD_BY_PARKS = { up: true } as const;

/** How the events of this module are stored. */
export const admissionEvents = [
  defineEvent<PeopleAdmitted>({
    type: 'PeopleAdmitted',
    version: 2,
    travels: TOLD_BY_PARKS,
    upcasts: { 1: (data) => ({ ...uncounted(data), overLimit: false }) },
  }),
  defineEvent<PeopleExited>({ type: 'PeopleExited', version: 2, upcasts: { 1: uncounted }, travels: TOLD_BY_PARKS }),
  defineEvent<PeopleAdmittedInExcess>({
    type: 'PeopleAdmittedInExcess',
    version: 2,
    travels: TOLD_BY_PARKS,
    // Before, nobody asked whether there was room.
    upcasts: { 1: (data) => ({ ...data, overLimit: true }) },
  }),
  defineEvent<IncidentResolved>({
    type: 'IncidentResolved',
    version: 1,
    travels: TOLD_BY_PARKS,
    personal: { subject: 'subjectId', fields: ['note'] },
  }),
  defineEvent<EntryLimitOverridden>({
    type: 'EntryLimitOverridden',
    version: 1,
    travels: TOLD_BY_PARKS,
    personal: { subject: 'subjectId', fields: ['reason'] },
  }),
  defineEvent<EntryLimitExceeded>({ type: 'EntryLimitExceeded', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<ScanRefused>({ type: 'ScanRefused', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<AdmissionVoided>({ type: 'AdmissionVoided', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<VoidDenied>({ type: 'VoidDenied', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<GateDayEnded>({ type: 'GateDayEnded', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<EntryLimitSet>({ type: 'EntryLimitSet', version: 1, travels: TOLD_BY_PARKS }),
  // Written by headquarters alone, and told to nobody.
  defineEvent<GateDayInherited>({ type: 'GateDayInherited', version: 1 }),
  defineEvent<DeviceInvited>({ type: 'DeviceInvited', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<DeviceEnrolled>({
    type: 'DeviceEnrolled',
    version: 2,
    travels: TOLD_BY_PARKS,
    // Before, no device had a key.
    upcasts: { 1: (data) => ({ ...data, publicKey: null }) },
  }),
  defineEvent<DeviceRevoked>({ type: 'DeviceRevoked', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<NodeRollbackTold>({ type: 'NodeRollbackTold', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<DeviceLogMerged>({ type: 'DeviceLogMerged', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<DeviceQuotaExceeded>({ type: 'DeviceQuotaExceeded', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<DeviceLogForked>({ type: 'DeviceLogForked', version: 1, travels: TOLD_BY_PARKS }),
];

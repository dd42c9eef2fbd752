import type { JsonObject } from '../../../kernel/event-store.ts';
import { defineEvent } from '../../../kernel/event-definition.ts';
import type { AdmissionVoided } from '../contract.ts';
import type {
  EntryLimitExceeded,
  EntryLimitOverridden,
  PeopleAdmitted,
  PeopleAdmittedInExcess,
  PeopleExited,
} from '../domain/admission-messages.ts';
import type { DeviceEnrolled, DeviceInvited, DeviceRevoked } from '../domain/device.ts';
import type { EntryLimitSet } from '../domain/entry-limit.ts';
import type { IncidentResolved } from '../domain/incident.ts';
import type { ScanRefused } from '../domain/refused-scan.ts';

/** Version 2 tells which node stored the scan and what the counters of the day know of; there were none before. */
const uncounted = (data: JsonObject): JsonObject => ({ ...data, nodeId: 'hq', counted: 0 });

/** How the events of this module are stored. */
export const admissionEvents = [
  defineEvent<PeopleAdmitted>({
    type: 'PeopleAdmitted',
    version: 2,
    upcasts: { 1: (data) => ({ ...uncounted(data), overLimit: false }) },
  }),
  defineEvent<PeopleExited>({ type: 'PeopleExited', version: 2, upcasts: { 1: uncounted } }),
  defineEvent<PeopleAdmittedInExcess>({
    type: 'PeopleAdmittedInExcess',
    version: 2,
    // Before, nobody asked whether there was room.
    upcasts: { 1: (data) => ({ ...data, overLimit: true }) },
  }),
  defineEvent<IncidentResolved>({
    type: 'IncidentResolved',
    version: 1,
    personal: { subject: 'subjectId', fields: ['note'] },
  }),
  defineEvent<EntryLimitOverridden>({
    type: 'EntryLimitOverridden',
    version: 1,
    personal: { subject: 'subjectId', fields: ['reason'] },
  }),
  defineEvent<EntryLimitExceeded>({ type: 'EntryLimitExceeded', version: 1 }),
  defineEvent<ScanRefused>({ type: 'ScanRefused', version: 1 }),
  defineEvent<AdmissionVoided>({ type: 'AdmissionVoided', version: 1 }),
  defineEvent<EntryLimitSet>({ type: 'EntryLimitSet', version: 1 }),
  defineEvent<DeviceInvited>({ type: 'DeviceInvited', version: 1 }),
  defineEvent<DeviceEnrolled>({ type: 'DeviceEnrolled', version: 1 }),
  defineEvent<DeviceRevoked>({ type: 'DeviceRevoked', version: 1 }),
];

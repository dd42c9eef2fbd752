import type { JsonObject } from '../../../kernel/event-store.ts';
import { defineEvent, type TellingStream, type ToldEvent, type Travels } from '../../../kernel/event-definition.ts';
import type { AdmissionVoided, GateDayEnded, VoidDenied } from '../contract.ts';
import type {
  AdmissionRecounted,
  EntryLimitExceeded,
  EntryLimitOverridden,
  PeopleAdmitted,
  PeopleAdmittedInExcess,
  PeopleExited,
} from '../domain/admission-messages.ts';
import type { DeviceEnrolled, DeviceInvited, DeviceRevoked } from '../domain/device.ts';
import type { EntryLimitSet, GateDayInherited } from '../domain/entry-limit.ts';
import type { GateDayReopened } from '../domain/gate-day-end.ts';
import type { IncidentResolved } from '../domain/incident.ts';
import type { DeviceLogForked, DeviceLogMerged, DeviceQuotaExceeded } from '../domain/merged-log.ts';
import type { NodeRollbackTold } from '../domain/node-witness.ts';
import type { ScanRefused } from '../domain/refused-scan.ts';

/** Version 2 tells which node stored the scan and what the counters of the day know of; there were none before. */
const uncounted = (data: JsonObject): JsonObject => ({ ...data, nodeId: 'hq', counted: 0 });

/** What happens at the gates of a park with a node of its own happens there first. */
const TOLD_BY_PARKS: Travels = { up: true };

/** More people are on no ticket. */
const MOST_PLACES = 255;

const on = (stream: TellingStream): Travels => ({ up: stream });
/** A node writes under its own name what others may write too. Once nodes of parks went by the plain name, as headquarters does. */
const ownOf = (plain: string, { author }: ToldEvent): readonly string[] => [`${plain}/${author.nodeId}`, plain];
const ON_ADMISSION = on({ named: (told) => ownOf(`admission:${told.text('ticketId')}`, told), about: 'ticketId' });
const ON_INCIDENT = on({
  named: (told) =>
    Array.from({ length: MOST_PLACES }, (_, index) =>
      ownOf(`incident:${told.text('ticketId')}/${index + 1}`, told),
    ).flat(),
  about: 'ticketId',
});
const ON_DEVICE_LOG = on({ named: ({ text }) => [`device-log:${text('deviceId')}`], about: 'deviceId' });
const ON_REFUSED_SCAN = on({ named: (told) => ownOf(`refused-scan:${told.text('scanId')}`, told) });
const ON_GATE_DAY = on({
  named: (told) => ownOf(`gate-day:${told.author.parkId}/${told.text('visitDate')}`, told),
});
const ON_GATE_DAY_END = on({
  named: (told) => ownOf(`gate-day-end:${told.author.parkId}/${told.text('date')}`, told),
});
const ON_WITNESS = on({
  named: ({ author, text }) => [`node-witness:${author.parkId}/${text('seen.incarnation')}`],
});

/** How the events of this module are stored. */
export const admissionEvents = [
  defineEvent<PeopleAdmitted>({
    type: 'PeopleAdmitted',
    version: 2,
    travels: ON_ADMISSION,
    upcasts: { 1: (data) => ({ ...uncounted(data), overLimit: false }) },
  }),
  defineEvent<PeopleExited>({ type: 'PeopleExited', version: 2, upcasts: { 1: uncounted }, travels: ON_ADMISSION }),
  defineEvent<PeopleAdmittedInExcess>({
    type: 'PeopleAdmittedInExcess',
    version: 2,
    travels: ON_ADMISSION,
    // Before, nobody asked whether there was room.
    upcasts: { 1: (data) => ({ ...data, overLimit: true }) },
  }),
  defineEvent<AdmissionRecounted>({ type: 'AdmissionRecounted', version: 1, travels: ON_ADMISSION }),
  defineEvent<IncidentResolved>({
    type: 'IncidentResolved',
    version: 1,
    travels: ON_INCIDENT,
    personal: { subject: 'subjectId', fields: ['note'] },
  }),
  defineEvent<EntryLimitOverridden>({
    type: 'EntryLimitOverridden',
    version: 1,
    travels: ON_ADMISSION,
    personal: { subject: 'subjectId', fields: ['reason'] },
  }),
  defineEvent<EntryLimitExceeded>({ type: 'EntryLimitExceeded', version: 1, travels: ON_ADMISSION }),
  defineEvent<ScanRefused>({ type: 'ScanRefused', version: 1, travels: ON_REFUSED_SCAN }),
  // Nobody had moved to another day.
  defineEvent<AdmissionVoided>({
    type: 'AdmissionVoided',
    version: 2,
    upcasts: { 1: (data) => data },
    travels: ON_ADMISSION,
  }),
  defineEvent<VoidDenied>({ type: 'VoidDenied', version: 1, travels: ON_ADMISSION }),
  defineEvent<GateDayEnded>({ type: 'GateDayEnded', version: 1, travels: ON_GATE_DAY_END }),
  defineEvent<GateDayReopened>({ type: 'GateDayReopened', version: 1, travels: ON_GATE_DAY_END }),
  defineEvent<EntryLimitSet>({ type: 'EntryLimitSet', version: 1, travels: ON_GATE_DAY }),
  defineEvent<GateDayInherited>({
    type: 'GateDayInherited',
    version: 2,
    travels: ON_GATE_DAY,
    upcasts: { 1: (data) => ({ ...data, people: null }) },
  }),
  defineEvent<DeviceInvited>({ type: 'DeviceInvited', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<DeviceEnrolled>({
    type: 'DeviceEnrolled',
    version: 2,
    travels: TOLD_BY_PARKS,
    // Before, no device had a key.
    upcasts: { 1: (data) => ({ ...data, publicKey: null }) },
  }),
  defineEvent<DeviceRevoked>({ type: 'DeviceRevoked', version: 1, travels: TOLD_BY_PARKS }),
  defineEvent<NodeRollbackTold>({ type: 'NodeRollbackTold', version: 1, travels: ON_WITNESS }),
  defineEvent<DeviceLogMerged>({ type: 'DeviceLogMerged', version: 1, travels: ON_DEVICE_LOG }),
  defineEvent<DeviceQuotaExceeded>({ type: 'DeviceQuotaExceeded', version: 1, travels: ON_DEVICE_LOG }),
  defineEvent<DeviceLogForked>({ type: 'DeviceLogForked', version: 1, travels: ON_DEVICE_LOG }),
];

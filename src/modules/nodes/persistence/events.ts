import { defineEvent, type EventDefinition, type Travels } from '../../../kernel/event-definition.ts';
import type { IncarnationOpened, ParkHomeAssigned } from '../contract.ts';
import type { AdmissionKeyPublished } from '../domain/admission-keys.ts';
import type { SellingResumed } from '../domain/incarnation.ts';
import type { NodeEvent } from '../domain/node-messages.ts';
import type { KeptSegmentSettled } from '../domain/settled-segment.ts';

/** Every node knows every other one: whose codes and whose word count, and whose no more. */
const travels: Travels = { down: 'every_park', mustUnderstand: 1 };

/** A node tells of the life in which it writes; headquarters tells every park, which may know what it has forgotten. */
const TOLD_OF_ITS_LIFE: Travels = {
  ...travels,
  up: { named: ({ author }) => [`incarnation:${author.incarnation}`] },
};

const NODE_TYPES = [
  'NodeInvited',
  'NodeEnrolled',
  'NodeRevoked',
  'NodeKeyCertified',
  'NodeKeyRotated',
  'IncarnationClosed',
] as const satisfies readonly NodeEvent['type'][];

/** How the events of this module are stored. Nothing in them is personal but the words of who decided about a segment. */
export const nodeEvents: readonly EventDefinition[] = [
  ...NODE_TYPES.map((type) => defineEvent<NodeEvent>({ type, version: 1, travels })),
  defineEvent<ParkHomeAssigned>({ type: 'ParkHomeAssigned', version: 1, travels }),
  defineEvent<AdmissionKeyPublished>({ type: 'AdmissionKeyPublished', version: 1, travels }),
  defineEvent<IncarnationOpened>({ type: 'IncarnationOpened', version: 1, travels: TOLD_OF_ITS_LIFE }),
  defineEvent<SellingResumed>({ type: 'SellingResumed', version: 1 }),
  defineEvent<KeptSegmentSettled>({
    type: 'KeptSegmentSettled',
    version: 1,
    personal: { subject: 'segmentId', fields: ['reason'] },
  }),
];

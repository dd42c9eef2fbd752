import { defineEvent, type EventDefinition, type Travels } from '../../../kernel/event-definition.ts';
import type { ParkHomeAssigned } from '../contract.ts';
import type { AdmissionKeyPublished } from '../domain/admission-keys.ts';
import type { IncarnationOpened } from '../domain/incarnation.ts';
import type { NodeEvent } from '../domain/node-messages.ts';
import type { KeptSegmentSettled } from '../domain/settled-segment.ts';

/** Every node knows every other one: whose codes and whose word count. */
const travels: Travels = { down: 'every_park' };

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
  defineEvent<IncarnationOpened>({ type: 'IncarnationOpened', version: 1, travels: { up: true } }),
  defineEvent<KeptSegmentSettled>({
    type: 'KeptSegmentSettled',
    version: 1,
    personal: { subject: 'segmentId', fields: ['reason'] },
  }),
];

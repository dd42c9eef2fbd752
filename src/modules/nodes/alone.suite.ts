import type { TestNode } from '../../../test/support/module-database.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import type { Clock } from '../../kernel/time.ts';
import type { createNodesModule } from './module.ts';

type Dependencies = Parameters<typeof createNodesModule>[0];

/** The module at headquarters without any other one beside it: nothing was sold, admitted, received or kept apart. */
export const aloneAt = (node: TestNode, clock: Clock): Dependencies => ({
  ...node,
  ids: systemIds,
  clock,
  zone: createZone(),
  nodeId: 'hq',
  role: 'hq',
  gateKeys: [],
  hashSecret: (secret) => secret,
  parkExists: async () => true,
  hasAdmitted: async () => false,
  acceptedOf: async () => [],
  closeLives: async () => undefined,
  inheritGates: async () => [],
  quarantineUses: async () => [],
  keptSegments: { page: async () => [], find: async () => null },
  keptApart: { take: async () => null, isWaitedFor: async () => false, settle: async () => undefined },
  heldInCommon: async () => [],
  ownLife: async () => ({ incarnation: systemIds.derive('the first life'), reason: null }),
});

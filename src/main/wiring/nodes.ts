import { createHash } from 'node:crypto';
import { gateKeyOf } from '../../infrastructure/keys/ed25519-signer.ts';
import { createNodesModule, type NodesModule } from '../../modules/nodes/module.ts';
import type { Wiring } from './tools.ts';

export const wireNodes = ({ tools, all }: Wiring): NodesModule =>
  createNodesModule({
    ...tools,
    gateKeys: tools.secrets.admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey)),
    hashSecret: (secret) => createHash('sha256').update(secret, 'utf8').digest('hex'),
    parkExists: async (parkId) => (await all().park.catalogue.find(parkId)) !== null,
    hasAdmitted: (parkId, date) => all().admission.hasAdmitted(parkId, date),
    // Nothing of another node's log is taken yet.
    acceptedOf: () => Promise.resolve([]),
    closeLives: () => Promise.resolve(),
    quarantinedCounts: () => Promise.resolve(new Map()),
  });

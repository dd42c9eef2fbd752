import { createHash } from 'node:crypto';
import { BEGINNING } from '../../infrastructure/event-store/authored-event.ts';
import { readOwnLife } from '../../infrastructure/event-store/own-life.ts';
import { scopeHashes } from '../../infrastructure/event-store/scope-hashes.ts';
import { gateKeyOf } from '../../infrastructure/keys/ed25519-signer.ts';
import { createNodesModule, type NodesModule } from '../../modules/nodes/module.ts';
import { projections } from '../migration-sources.ts';
import type { Wiring } from './tools.ts';

export const wireNodes = ({ tools, all }: Wiring): NodesModule => {
  const { replication } = tools;
  return createNodesModule({
    ...tools,
    gateKeys: tools.secrets.admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey)),
    hashSecret: (secret) => createHash('sha256').update(secret, 'utf8').digest('hex'),
    parkExists: async (parkId) => (await all().park.catalogue.find(parkId)) !== null,
    hasAdmitted: (parkId, date) => all().admission.hasAdmitted(parkId, date),
    acceptedOf: async (nodeId) =>
      (await replication.authors())
        .filter((author) => author.nodeId === nodeId)
        .map(({ incarnation, seq, link }) => ({ incarnation, seq, link })),
    async closeLives(nodeId, places) {
      for (const { incarnation, seq, link } of places) {
        await replication.closeAuthor({ nodeId, incarnation, seq, link: seq === 0 ? BEGINNING : link });
      }
    },
    inheritGates: (parkId, ofNode) => all().admission.inheritGates(parkId, ofNode),
    ownLife: () => readOwnLife(tools.database),
    heldInCommon: () => scopeHashes(tools.database, projections),
    keptSegments: async () =>
      (await replication.quarantined()).map(({ header, events, why, quarantinedAtMs: atMs }) => {
        const { nodeId, incarnation, first, last } = header;
        const types = [...new Set(events.map(({ type }) => type))].toSorted();
        return { nodeId, incarnation, first, last, types, why, atMs };
      }),
    async quarantinedCounts() {
      const counts = new Map<string, number>();
      for (const { header } of await replication.quarantined()) {
        counts.set(header.nodeId, (counts.get(header.nodeId) ?? 0) + 1);
      }
      return counts;
    },
  });
};

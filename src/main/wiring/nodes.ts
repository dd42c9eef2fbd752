import { createHash } from 'node:crypto';
import { BEGINNING } from '../../infrastructure/event-store/authored-event.ts';
import { scopeHashes } from '../../infrastructure/event-store/scope-hashes.ts';
import { gateKeyOf } from '../../infrastructure/keys/ed25519-signer.ts';
import type { KeptApart } from '../../modules/nodes/application/settle-kept.ts';
import { createNodesModule, type NodesModule } from '../../modules/nodes/module.ts';
import { createKeptLog } from '../../sync/headquarters/kept-segments.ts';
import type { SealedSegment } from '../../kernel/replication.ts';
import { manifests, projections } from '../migration-sources.ts';
import { travelsOf } from './sync.ts';
import type { Wiring } from './tools.ts';

const segmentIdOf = ({ ids }: Pick<Wiring['tools'], 'ids'>, signature: string): string =>
  ids.derive(`kept-segment:${signature}`);

function keptApartOf({ tools, all }: Wiring): KeptApart {
  const { replication: log } = tools;
  const travels = travelsOf(manifests.flatMap(({ events }) => events));
  const kept = createKeptLog({ log, travels, registry: { find: (nodeId) => all().nodes.find(nodeId) } });
  /** Null when it was decided about meanwhile: then there is nothing more to do with it. */
  async function find(segmentId: string): Promise<SealedSegment | null> {
    const found = (await log.quarantined()).find(({ signature }) => segmentIdOf(tools, signature) === segmentId);
    return found === undefined ? null : { header: found.header, signature: found.signature, events: found.events };
  }
  return {
    async take(segmentId) {
      const segment = await find(segmentId);
      return segment === null ? null : kept.take(segment);
    },
    async isWaitedFor(segmentId) {
      const segment = await find(segmentId);
      return segment !== null && kept.isWaitedFor(segment);
    },
    async settle(segmentId) {
      const segment = await find(segmentId);
      if (segment !== null) await log.settleQuarantined(segment.signature);
    },
  };
}

export const wireNodes = (wiring: Wiring): NodesModule => {
  const { tools, all } = wiring;
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
    heldInCommon: () => scopeHashes(tools.database, projections),
    keptSegments: async () =>
      (await replication.quarantined()).map(({ header, signature, events, why, quarantinedAtMs: atMs }) => {
        const { nodeId, incarnation, first, last } = header;
        const types = [...new Set(events.map(({ type }) => type))].toSorted();
        return { id: segmentIdOf(tools, signature), nodeId, incarnation, first, last, types, why, atMs };
      }),
    keptApart: keptApartOf(wiring),
    async quarantinedCounts() {
      const counts = new Map<string, number>();
      for (const { header } of await replication.quarantined()) {
        counts.set(header.nodeId, (counts.get(header.nodeId) ?? 0) + 1);
      }
      return counts;
    },
  });
};

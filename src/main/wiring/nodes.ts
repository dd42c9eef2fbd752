import { createHash } from 'node:crypto';
import { BEGINNING } from '../../infrastructure/event-store/authored-event.ts';
import { readOwnLife } from '../../infrastructure/event-store/own-life.ts';
import { createParksOfStreams } from '../../infrastructure/event-store/stream-parks.ts';
import { scopeHashes } from '../../infrastructure/event-store/scope-hashes.ts';
import { gateKeyOf } from '../../infrastructure/keys/ed25519-signer.ts';
import type { KeptSegment, KeptSegments } from '../../modules/nodes/application/kept-apart.ts';
import type { KeptApart } from '../../modules/nodes/application/settle-kept.ts';
import { createNodesModule, type NodesModule } from '../../modules/nodes/module.ts';
import { createKeptLog } from '../../sync/headquarters/kept-segments.ts';
import type { QuarantinedSegment } from '../../kernel/replication.ts';
import { manifests, projections } from '../migration-sources.ts';
import { knownTypes } from './known-types.ts';
import { travelsOf } from './sync.ts';
import type { Wiring } from './tools.ts';

const toKept = ({ quarantinedAtMs: atMs, ...about }: QuarantinedSegment): KeptSegment => ({ ...about, atMs });

const keptSegmentsOf = (log: Wiring['tools']['replication']): KeptSegments => ({
  page: async (request) => (await log.quarantined(request))?.map(toKept) ?? null,
  async find(segmentId) {
    const found = await log.quarantinedSegment(segmentId);
    return found === null ? null : toKept(found.about);
  },
});

function keptApartOf({ tools: { replication: log, database }, all }: Wiring): KeptApart {
  const events = manifests.flatMap((manifest) => manifest.events);
  const [travels, knows] = [travelsOf(events), knownTypes(events)];
  const parksOf = createParksOfStreams(database);
  const kept = createKeptLog({
    log,
    travels,
    knows,
    parksOf,
    registry: { find: (nodeId) => all().nodes.find(nodeId) },
  });
  return {
    async take(segmentId) {
      const found = await log.quarantinedSegment(segmentId);
      // Decided about meanwhile: then there is nothing more to do with it.
      return found === null ? null : kept.take(found.segment);
    },
    async isWaitedFor(segmentId) {
      const found = await log.quarantinedSegment(segmentId);
      return found !== null && kept.isWaitedFor(found.segment);
    },
    settle: (segmentId) => log.settleQuarantined(segmentId),
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
    ownLife: () => readOwnLife(tools.database),
    heldInCommon: () => scopeHashes(tools.database, projections),
    keptSegments: keptSegmentsOf(replication),
    keptApart: keptApartOf(wiring),
    quarantineUses: () => replication.quarantineUse(),
  });
};

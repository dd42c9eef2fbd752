import type { CommandMeta, CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createStillHomeStep, type StillHomeStep } from './application/assign-home.ts';
import { createEnrolNode, type EnrolNode } from './application/enrol-node.ts';
import { createGatesOf, createHomeOf, type HomesOf } from './application/home-of.ts';
import { createInviteNode, type InviteNode } from './application/invite-node.ts';
import { createKeepNodes, type KeepNodes } from './application/keep-nodes.ts';
import { createWriters } from './application/writers.ts';
import { createListKeptApart, type KeptSegments, type ListKeptApart } from './application/kept-apart.ts';
import { createListNodes, type ListNodes, type QuarantineUses } from './application/node-list.ts';
import type {
  AcceptedOf,
  CloseLives,
  Contacts,
  Enrolment,
  HasAdmitted,
  HashSecret,
  InheritGates,
  Homes,
  Nodes,
  ParkExists,
  Voices,
} from './application/ports.ts';
import { createBeginningOf, createOpenLife, type BeginningOf, type OpenLife } from './application/open-life.ts';
import { createPublishKeys, type GateKey } from './application/publish-keys.ts';
import type { HeldInCommon } from './application/scopes.ts';
import { createSellingFence, type OwnLife, type SellingFence } from './application/selling-fence.ts';
import { createParkOfKept, createSettleKept, type KeptApart, type SettleKept } from './application/settle-kept.ts';
import type { GatesOf, HomeOf, Writers } from './contract.ts';
import { discardKeptRoute, listKeptApartRoute, releaseKeptRoute } from './http/kept-apart.ts';
import { inviteNodeRoute, listNodesRoute, revokeNodeRoute } from './http/nodes.ts';
import { listScopesRoute } from './http/scopes.ts';
import { createContacts, createEnrolment } from './persistence/contacts.ts';
import { createVoices } from './persistence/voices.ts';
import { nodeEvents } from './persistence/events.ts';
import { createHomes, homesProjection } from './persistence/homes.ts';
import { createNodes, nodesProjection } from './persistence/nodes.ts';

export const nodesManifest: Manifest = {
  name: 'nodes',
  events: nodeEvents,
  projections: [nodesProjection, homesProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type NodesModule = Module & {
  readonly homeOf: HomeOf;
  readonly gatesOf: GatesOf;
  readonly stillHomeStep: StillHomeStep;
  readonly homesOf: HomesOf;
  readonly writers: Writers;
  /** Keys with which admission codes are signed, of all nodes. */
  readonly publishedKeys: Homes['keys'];
  readonly find: Nodes['find'];
  readonly listNodes: ListNodes;
  readonly listKeptApart: ListKeptApart;
  readonly settleKept: SettleKept;
  readonly inviteNode: InviteNode;
  readonly enrolNode: EnrolNode;
  readonly keepNodes: KeepNodes;
  readonly openLife: OpenLife;
  readonly beginningOf: BeginningOf;
  readonly sellingFence: SellingFence;
  readonly contacts: Contacts;
  readonly voices: Voices;
  readonly enrolment: Enrolment;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly role: NodeRole;
  readonly gateKeys: readonly GateKey[];
  readonly hashSecret: HashSecret;
  readonly parkExists: ParkExists;
  readonly hasAdmitted: HasAdmitted;
  readonly acceptedOf: AcceptedOf;
  readonly closeLives: CloseLives;
  readonly inheritGates: InheritGates;
  readonly quarantineUses: QuarantineUses;
  readonly keptSegments: KeptSegments;
  readonly keptApart: KeptApart;
  readonly heldInCommon: HeldInCommon;
  readonly ownLife: OwnLife;
};

/** Which nodes there are, by which keys they are known, and which of them is at home in a park on a day. */
export function createNodesModule(dependencies: Dependencies): NodesModule {
  const { database } = dependencies;
  const [nodes, homes] = [createNodes(database), createHomes(database)];
  const [contacts, voices] = [createContacts(database), createVoices(database)];
  const tools = { ...dependencies, nodes, homes, contacts, voices };
  const inviteNode = createInviteNode(tools);
  const keepNodes = createKeepNodes(tools);
  const listNodes = createListNodes(tools);
  const listKeptApart = createListKeptApart(tools);
  const settleKept = createSettleKept(tools);
  const settling = { settleKept, parkOfKept: createParkOfKept(tools) };
  const publishKeys = createPublishKeys(tools);
  return {
    ...nodesManifest,
    routes: [
      listScopesRoute(dependencies.heldInCommon),
      listNodesRoute(listNodes),
      listKeptApartRoute(listKeptApart),
      releaseKeptRoute(settling),
      discardKeptRoute(settling),
      inviteNodeRoute(inviteNode),
      revokeNodeRoute(keepNodes),
    ],
    jobs: [
      {
        name: 'publish admission keys',
        everyMs: 3_600_000,
        run: ({ meta }: { readonly meta: CommandMeta }) => publishKeys(meta),
      },
    ],
    homeOf: createHomeOf(tools),
    gatesOf: createGatesOf(tools),
    stillHomeStep: createStillHomeStep(tools),
    homesOf: (parkId) => homes.of(parkId),
    writers: createWriters(tools),
    publishedKeys: () => homes.keys(),
    find: (nodeId) => nodes.find(nodeId),
    listNodes,
    listKeptApart,
    settleKept,
    inviteNode,
    enrolNode: createEnrolNode(tools),
    keepNodes,
    openLife: createOpenLife(tools),
    beginningOf: createBeginningOf(tools),
    sellingFence: createSellingFence(tools),
    contacts,
    voices,
    enrolment: createEnrolment(database),
  };
}

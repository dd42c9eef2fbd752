import { createHash, generateKeyPairSync } from 'node:crypto';
import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { BEGINNING } from '../../infrastructure/event-store/authored-event.ts';
import { context, event, newId, part } from '../../infrastructure/event-store/appends.suite.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { fixtureInfo, startFixture } from '../../infrastructure/http/http-fixture.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { createNodeSigner, type NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { createTextSeal } from '../../infrastructure/keys/text-seal.ts';
import type { HttpFetch } from '../../infrastructure/outgoing-http/http-fetch.ts';
import { createPostPacked } from '../../infrastructure/outgoing-http/post-packed.ts';
import type { Travels } from '../../kernel/event-definition.ts';
import type { QuarantinedSegment } from '../../kernel/replication.ts';
import type { Beginning, KnownHeadquarters, ParkedThere } from '../../modules/nodes/contract.ts';
import { cardsRoute } from '../headquarters/cards.ts';
import type { HeadquartersTools, News } from '../headquarters/ports.ts';
import { createPlaceProofs } from '../headquarters/place-proofs.ts';
import { syncRoutes } from '../headquarters/routes.ts';
import { createSessions } from '../headquarters/session.ts';
import { MOST_BYTES } from '../protocol/limits.ts';
import type { Certificate } from '../protocol/key-chain.ts';
import { certifyKey } from './change-key.ts';
import { enrolAt } from './enrol.ts';
import type { KeptCards, Lives, ParkTools, SyncState } from './ports.ts';
import { createParkSync, type ParkSync } from './sync-round.ts';
import { CODE, createToyVoices, ToyRegistry } from './toy-registry.suite.ts';

/** Headquarters and one park, each with a log in memory, and a network between them that tests may break. */

export const PARK = 'park-ala-archa';
export const PARK_ID = 'ala-archa';
const NOW_MS = Date.parse('2026-12-05T06:00:00Z');

export const TRAVELS: ReadonlyMap<string, Travels | undefined> = new Map<string, Travels | undefined>([
  ['Sold', { up: true }],
  ['DayEnded', { up: { named: ({ author, text }) => [`day-end:${author.parkId}/${text('date')}`] } }],
  ['LetIn', { up: { named: ({ text }) => [`gates:${text('ticket.id')}`], about: 'ticket.id' } }],
  ['IncarnationOpened', { up: true }],
  ['PriceSet', { down: 'every_park' }],
  ['TicketTold', { down: 'its_park' }],
  ['MoneyBooked', undefined],
]);

/** Of each type there is one version. */
export const KNOWN: ReadonlyMap<string, number> = new Map([...TRAVELS.keys()].map((type) => [type, 1]));

export const newSigner = (): NodeSigner => createNodeSigner(generateKeyPairSync('ed25519'));

/** What the network does with a call: before it arrives, or with the answer. */
export type Weather = (path: string, ask: () => Promise<Response>) => Promise<Response>;

/** Writes the first events of lives as the module of nodes does. */
export const toyLives = ({ store, replication }: MemoryNode): Lives => {
  const told = new Map<string, Beginning>();
  return {
    beginningOf: async (incarnation) => told.get(incarnation) ?? null,
    mend: async () => undefined,
    takeBack: (work) => work(),
    async restart(reason) {
      const { incarnation: before, seq, link } = await replication.head();
      const previous = { incarnation: before, seq, link };
      const { incarnation } = await replication.openIncarnation('restored');
      told.set(incarnation, { previous, reason });
      const opened = event('IncarnationOpened', { previous });
      await store.append({ streams: [part(newId(), 'none', [opened])], context: { ...context, parkId: PARK_ID } });
    },
  };
};

/** Appends one event of a type for each of the given names. */
export async function write(
  { store }: MemoryNode,
  type: string,
  names: readonly string[],
  parkId = PARK_ID,
): Promise<void> {
  for (const name of names) {
    const added = event(type, { name });
    await store.append({ streams: [part(newId(), 'none', [added])], context: { ...context, parkId } });
  }
}

/** The names of events of a type in the order of a log. */
export async function namesIn({ store }: MemoryNode, type: string): Promise<readonly string[]> {
  return (await store.read(0, 100_000, [type])).map(({ data }) => JSON.stringify(data['name']).slice(1, -1));
}

/** What a log keeps apart. */
export const keptIn = async ({ replication }: MemoryNode): Promise<readonly QuarantinedSegment[]> =>
  (await replication.quarantined({ nodeIds: null, after: null, limit: 100 })) ?? [];

/** What the first events of streams say of their parks. */
async function parksIn({ store }: MemoryNode, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const loaded = await Promise.all(ids.map(async (id) => [id, (await store.load(id)).events[0]] as const));
  return new Map(loaded.flatMap(([id, first]) => (first === undefined ? [] : [[id, first.parkId]])));
}

export type TwoNodes = {
  readonly clock: ManualClock;
  readonly headquarters: MemoryNode;
  readonly registry: ToyRegistry;
  /** What headquarters knows; a newer program knows more. */
  readonly travels: Map<string, Travels | undefined>;
  readonly knows: Map<string, number>;
  /** What the park knows. */
  parkKnows: ReadonlyMap<string, number>;
  readonly parksOf: HeadquartersTools['parksOf'];
  readonly news: News[];
  readonly states: SyncState[];
  /** Pauses that were asked for, in ms. */
  readonly pauses: number[];
  weather: Weather;
  /** Another process, or another copy, of the park's node. */
  startPark(node: MemoryNode, signer?: NodeSigner, lives?: Lives): Promise<ParkSync>;
  /** Enrols a machine under the name of the park's node: the first one, or one in place of the one before. */
  enrol(node: MemoryNode, signer: NodeSigner): Promise<KnownHeadquarters>;
  readonly parkSigner: NodeSigner;
  /** What headquarters signs with, and the certificates that it shows. */
  hqSigner: NodeSigner;
  certificates: readonly Certificate[];
  /** Headquarters as the park knows it. */
  known(): KnownHeadquarters | null;
  /** What the park's node could not handle. */
  parked: readonly ParkedThere[];
  /** Has headquarters take another key of the park, which signs with the first one unless told otherwise. */
  certify(next: NodeSigner, signer?: NodeSigner): ReturnType<typeof certifyKey>;
  /** Rounds until one ends like that. */
  until(sync: ParkSync, end: Awaited<ReturnType<ParkSync['round']>>, most?: number): Promise<void>;
  ask(path: string, body: Buffer | string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

const NO_STAFF = { version: { incarnation: newId(), position: 0 }, cards: [] };
/** A park that keeps no cards. */
const noCards: KeptCards = {
  keepStaff: async () => true,
  missing: async () => [],
  keepGateCards: async () => undefined,
};

const never = new AbortController().signal;

const hashOf = (types: ReadonlyMap<string, number>): string =>
  createHash('sha256')
    .update(JSON.stringify([...types]))
    .digest('hex');

export async function openTwoNodes(
  headquarters = createMemoryNode({ clock: createManualClock(NOW_MS) }),
  parkSigner = newSigner(),
  /** What headquarters knows besides. */
  more: readonly (readonly [type: string, travels: Travels])[] = [],
): Promise<TwoNodes> {
  const clock = createManualClock(NOW_MS);
  const registry = new ToyRegistry();
  const [news, states, pauses]: [News[], SyncState[], number[]] = [[], [], []];
  const travels = new Map([...TRAVELS, ...more]);
  const knows = new Map([...travels.keys()].map((type) => [type, 1]));
  const secret = (bytes: number): string => systemIds.secret(bytes);
  const there: HeadquartersTools = {
    nodeId: 'hq',
    log: headquarters.replication,
    registry,
    voices: createToyVoices(),
    signer: async () => world.hqSigner,
    certificates: async () => world.certificates,
    sessions: createSessions({ seal: createTextSeal(Buffer.alloc(32, 7)), clock, secret }),
    placeProofs: createPlaceProofs(createTextSeal(Buffer.alloc(32, 8))),
    clock,
    travels,
    knows,
    eventTypes: hashOf(knows),
    parksOf: (ids) => parksIn(headquarters, ids),
    async beginLife(forgotten) {
      const { replication } = headquarters;
      await replication.openIncarnation('restored');
      const isKnown = (await replication.authors()).some(({ incarnation }) => incarnation === forgotten);
      if (isKnown) return;
      await replication.closeAuthor({ nodeId: 'hq', incarnation: forgotten, seq: 0, link: BEGINNING });
    },
    onNews: (one) => void news.push(one),
  };
  const routes = [...syncRoutes(there), cardsRoute(there, { staff: async () => NO_STAFF, gate: async () => [] })];
  const info = { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'sync', description: 'Nodes' }] };
  const { app } = await startFixture({ routes, info, clock });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  let known: KnownHeadquarters | null = null;

  const http: HttpFetch = (address, init) => world.weather(new URL(address).pathname, () => fetch(address, init));
  const post = createPostPacked(http, url, { timeoutMs: 20_000, mostBytes: MOST_BYTES });

  const world: TwoNodes = {
    clock,
    headquarters,
    registry,
    travels,
    knows,
    parkKnows: KNOWN,
    parksOf: there.parksOf,
    news,
    states,
    pauses,
    parked: [],
    weather: (_path, ask) => ask(),
    parkSigner,
    hqSigner: newSigner(),
    certificates: [],
    known: () => known,
    async startPark(node, signer = parkSigner, lives = toyLives(node)) {
      known ??= await world.enrol(node, signer);
      const tools: ParkTools = {
        nodeId: PARK,
        parkId: PARK_ID,
        process: newId(),
        log: node.replication,
        signer,
        post,
        headquarters: async () => known,
        keepHeadquarters: async (followed) => void (known = followed),
        lives,
        cards: noCards,
        clock,
        secret,
        random: () => 0.5,
        pause: async (ms) => void pauses.push(ms),
        untilNews: async (ms) => void pauses.push(ms),
        admissionKeys: [{ keyId: '0a0a0a0a', x: 'A'.repeat(43) }],
        knows: world.parkKnows,
        eventTypes: hashOf(world.parkKnows),
        appVersion: '0.1.0',
        parked: async () => world.parked,
        onState: (state) => void states.push(state),
      };
      return createParkSync(tools);
    },
    async enrol(node, signer) {
      const { incarnation } = await node.replication.head();
      const facts = { code: CODE, nodeId: PARK, parkId: PARK_ID, incarnation, admissionKeys: [] };
      const enrolled = await enrolAt({ ...facts, signer, post, secret });
      if (!enrolled.ok) throw new Error(enrolled.refusal.reason);
      return enrolled.value;
    },
    certify(next, signer = parkSigner) {
      if (known === null) throw new Error('the park is not enrolled');
      return certifyKey({ nodeId: PARK, post, secret, headquarters: known, signer }, next);
    },
    async until(sync, end, most = 200) {
      for (let round = 0; round < most; round += 1) if ((await sync.round(never)) === end) return;
      throw new Error(`no round ended as ${end}: ${JSON.stringify(states.at(-1))}`);
    },
    ask: (path, body, headers = {}) =>
      fetch(`${url}/sync/v1${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    close: () => app.close(),
  };
  return world;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { createParkedEvents } from '../infrastructure/event-store/parked-events.ts';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { gateKeyOf } from '../infrastructure/keys/ed25519-signer.ts';
import { createNodeSigner, type NodeSigner } from '../infrastructure/keys/node-signer.ts';
import type { Job } from '../infrastructure/module.ts';
import { createPostPacked, type PostPacked } from '../infrastructure/outgoing-http/post-packed.ts';
import { assert } from '../kernel/assert.ts';
import type { KeptCards, ParkTools } from '../sync/park/ports.ts';
import { createParkSync } from '../sync/park/sync-round.ts';
import { MOST_BYTES } from '../sync/protocol/limits.ts';
import { API_INFO } from './api-info.ts';
import type { App } from './compose.ts';
import { createParkWatch } from './metrics/sync-metrics.ts';
import { manifests } from './migration-sources.ts';
import { livesOf } from './park-lives.ts';
import { loadNodeKey, loadSecrets } from './secrets.ts';
import { knownTypes, typesHash } from './wiring/known-types.ts';

/** How long headquarters may take for one answer. */
const PATIENCE_MS = 60_000;

/** How long to wait after a round that failed in this node itself. */
const FAILED_MS = 5_000;

/** How old an event gets before it is sealed. */
const SEAL_MS = 1_000;
/** More than so many full segments are not written in that time. Of what was left unsealed, handing over seals what it sends. */
const SEGMENTS_A_TURN = 4;

/** What a park's node says of itself. */
export type ParkIdentity = Pick<ParkTools, 'nodeId' | 'parkId' | 'admissionKeys'> & {
  readonly signer: NodeSigner;
  readonly post: PostPacked;
};

/** @throws when this is no node of a park, or it has no key of its own. */
export async function parkIdentity({ config, clock }: Pick<App, 'config' | 'clock'>): Promise<ParkIdentity> {
  const { node, nodeId } = config;
  if (node.role !== 'park') throw new Error('This is headquarters: SKYPARK_ROLE=park makes a node of a park.');
  const { nodeKey, admissionKeys } = await loadSecrets(config, clock);
  if (nodeKey === null) throw new Error('A node of a park needs NODE_KEY_FILE.');
  return {
    nodeId,
    parkId: node.parkId,
    signer: createNodeSigner(nodeKey),
    admissionKeys: admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey)),
    post: createPostPacked(fetch, node.hqUrl, { timeoutMs: PATIENCE_MS, mostBytes: MOST_BYTES }),
  };
}

/** Where this node keeps what headquarters says of people. */
export function cardsOf({ modules }: Pick<App, 'modules'>): KeptCards {
  const { keepStaffCards } = modules.auth;
  const { gateCards } = modules.admission;
  assert(keepStaffCards !== null && gateCards !== null, 'only a park keeps cards');
  return {
    keepStaff: keepStaffCards,
    missing: (limit) => gateCards.missing(limit),
    keepGateCards: (cards) => gateCards.keep(cards),
  };
}

/** What this program knows of what others write. */
export function ownTypes(): Pick<ParkTools, 'knows' | 'eventTypes'> {
  const events = manifests.flatMap((manifest) => manifest.events);
  return { knows: knownTypes(events), eventTypes: typesHash(events) };
}

/** Who this node is, by the key that its file holds: it may get another one while the process runs. */
function createOwnIdentity(app: App) {
  let own = parkIdentity(app);
  // Whoever asks finds out.
  own.catch(() => undefined);
  return {
    now: () => own,
    /** @returns whether the key is another one: all that is sealed and said from here on is by that */
    async followKeyFile(): Promise<boolean> {
      const [identity, key] = await Promise.all([own, loadNodeKey(app.config)]);
      if (key === null || createNodeSigner(key).keyId === identity.signer.keyId) return false;
      own = Promise.resolve({ ...identity, signer: createNodeSigner(key) });
      return true;
    },
  };
}

/** The timed work of a park's node with its log, and what ends that it listens for news. */
export type ParkSyncJobs = { readonly jobs: readonly Job[]; close(): Promise<void> };

/** Talks with headquarters, round after round; nothing at headquarters itself. */
export function parkSyncJobs(app: App): ParkSyncJobs {
  const { config, replication, modules, database, clock, log, metrics } = app;
  if (config.node.role !== 'park') return { jobs: [], close: async () => undefined };
  const wakeups = createWakeups(database, (error) => log.warn({ err: error }, 'wake-ups are lost; the log is polled'));
  const parkedEvents = createParkedEvents(database);
  const onState = createParkWatch({ metrics, log });

  const pause = (ms: number, stopping: AbortSignal): Promise<void> =>
    sleep(ms, undefined, { signal: stopping }).catch(() => undefined);

  async function untilNews(ms: number, stopping: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([stopping, ended.signal]);
    try {
      await Promise.race([wakeups.next(ms), sleep(ms, undefined, { signal }).catch(() => undefined)]);
    } finally {
      ended.abort();
    }
  }

  const process = systemIds.next();
  const own = createOwnIdentity(app);
  let sync: ReturnType<typeof start> | null = null;

  async function start() {
    const identity = await own.now();
    return createParkSync({
      ...identity,
      process,
      log: replication,
      headquarters: () => modules.nodes.enrolment.find(),
      keepHeadquarters: (headquarters) => modules.nodes.enrolment.keep(headquarters),
      lives: livesOf(app, identity.signer),
      cards: cardsOf(app),
      clock,
      secret: (bytes) => systemIds.secret(bytes),
      random: Math.random,
      pause,
      untilNews,
      ...ownTypes(),
      appVersion: API_INFO.version,
      parked: () => parkedEvents.overview(),
      onState,
    });
  }
  const jobs: readonly Job[] = [
    {
      // Also while nobody hears of it: the marker follows, so that a log that is put back is noticed.
      name: 'seal the log',
      everyMs: SEAL_MS,
      runsAt: 'park',
      run: async () => replication.seal((await own.now()).signer, { segments: SEGMENTS_A_TURN }),
    },
    {
      name: 'talk with headquarters',
      everyMs: 1,
      runsAt: 'park',
      async run({ stopping }) {
        try {
          if (await own.followKeyFile()) sync = null;
          sync ??= start();
          await (await sync).round(stopping);
        } catch (error) {
          // What fails at once, as without a database, is not tried again at once.
          await pause(FAILED_MS, stopping);
          throw error;
        }
      },
    },
  ];
  return { jobs, close: () => wakeups.close() };
}

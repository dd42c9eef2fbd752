import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { gateKeyOf } from '../infrastructure/keys/ed25519-signer.ts';
import { createNodeSigner, type NodeSigner } from '../infrastructure/keys/node-signer.ts';
import type { Job } from '../infrastructure/module.ts';
import { createPostPacked, type PostPacked } from '../infrastructure/outgoing-http/post-packed.ts';
import { assert } from '../kernel/assert.ts';
import type { CommandMeta } from '../kernel/command-runner.ts';
import type { LogPlace } from '../kernel/replication.ts';
import type { KeptCards, Lives, ParkTools } from '../sync/park/ports.ts';
import { createParkSync } from '../sync/park/sync-round.ts';
import { MOST_BYTES } from '../sync/protocol/limits.ts';
import { API_INFO } from './api-info.ts';
import type { App } from './compose.ts';
import { createParkWatch } from './metrics/sync-metrics.ts';
import { manifests } from './migration-sources.ts';
import { loadSecrets } from './secrets.ts';

/** How long headquarters may take for one answer. */
const PATIENCE_MS = 60_000;

/** How long to wait after a round that failed in this node itself. */
const FAILED_MS = 5_000;

const META: CommandMeta = { actor: 'system', correlationId: 'sync' };

/** What a park's node says of itself. */
export type ParkIdentity = Pick<ParkTools, 'nodeId' | 'parkId' | 'admissionKeys'> & {
  readonly signer: NodeSigner;
  readonly post: PostPacked;
};

/** @throws when this is no node of a park, or it has no key of its own. */
export async function parkIdentity({ config }: Pick<App, 'config'>): Promise<ParkIdentity> {
  const { node, nodeId } = config;
  if (node.role !== 'park') throw new Error('This is headquarters: SKYPARK_ROLE=park makes a node of a park.');
  const { nodeKey, admissionKeys } = await loadSecrets(config);
  if (nodeKey === null) throw new Error('A node of a park needs NODE_KEY_FILE.');
  return {
    nodeId,
    parkId: node.parkId,
    signer: createNodeSigner(nodeKey),
    admissionKeys: admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey)),
    post: createPostPacked(fetch, node.hqUrl, { timeoutMs: PATIENCE_MS, mostBytes: MOST_BYTES }),
  };
}

/** The lives of this node's log, as its module of nodes writes them down. */
export function livesOf({ config, replication, modules }: App): Lives {
  const { nodes, booking } = modules;
  async function tell(previous: LogPlace): Promise<void> {
    const { incarnation } = await replication.head();
    const fences = await booking.shares.fenceSteps(incarnation);
    await nodes.openLife({ nodeId: config.nodeId, incarnation, reason: 'restored', previous }, fences, META);
  }
  return {
    previousOf: (incarnation) => nodes.previousLife(incarnation),
    async restart() {
      const { incarnation, seq, link } = await replication.head();
      await replication.openIncarnation('the log was set back');
      await tell({ incarnation, seq, link });
    },
    tell,
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

/** Names of all event types of this program, as one hash: nodes of different versions differ in it. */
function typesHash(): string {
  const types = manifests.flatMap(({ events }) => events.map(({ type, version }) => `${type}/${version}`));
  return createHash('sha256').update(types.toSorted().join('\n')).digest('hex');
}

/** Talks with headquarters, round after round; none at headquarters itself. */
export function parkSyncJobs(app: App): readonly Job[] {
  const { config, replication, modules, database, clock, log, metrics } = app;
  if (config.node.role !== 'park') return [];
  const wakeups = createWakeups(database, (error) => log.warn({ err: error }, 'wake-ups are lost; the log is polled'));
  const onState = createParkWatch({ metrics, log });

  async function pause(ms: number, stopping: AbortSignal): Promise<void> {
    if (ms === 0) return;
    const ended = new AbortController();
    const signal = AbortSignal.any([stopping, ended.signal]);
    try {
      await Promise.race([wakeups.next(ms), sleep(ms, undefined, { signal }).catch(() => undefined)]);
    } finally {
      ended.abort();
    }
  }

  async function start() {
    return createParkSync({
      ...(await parkIdentity(app)),
      log: replication,
      headquarters: () => modules.nodes.enrolment.find(),
      lives: livesOf(app),
      cards: cardsOf(app),
      clock,
      secret: (bytes) => systemIds.secret(bytes),
      random: Math.random,
      pause,
      eventTypes: typesHash(),
      appVersion: API_INFO.version,
      onState,
    });
  }
  let sync: ReturnType<typeof start> | null = null;
  return [
    {
      name: 'talk with headquarters',
      everyMs: 1,
      runsAt: 'park',
      async run({ stopping }) {
        try {
          sync ??= start();
          await (await sync).round(stopping);
        } catch (error) {
          // What fails at once, as without a database, is not tried again at once.
          await pause(FAILED_MS, stopping);
          throw error;
        } finally {
          if (stopping.aborted) await wakeups.close();
        }
      },
    },
  ];
}

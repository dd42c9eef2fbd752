import { readFile } from 'node:fs/promises';
import { setTimeout as systemSleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createAppendGate, type AppendGate } from '../infrastructure/event-store/append-gate.ts';
import { readBackupState } from '../infrastructure/event-store/backups.ts';
import { createMarkerFile, markSeals } from '../infrastructure/event-store/marker-file.ts';
import { createPostgresReplicationLog } from '../infrastructure/event-store/postgres-replication.ts';
import { createParkedEvents } from '../infrastructure/event-store/parked-events.ts';
import { createSubjectKeyTable } from '../infrastructure/event-store/subject-keys.ts';
import { openPostgresEventStore, type PostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import { createOwnSubjects } from '../infrastructure/event-store/own-subjects.ts';
import { createVault, type SubjectKeyTable } from '../infrastructure/event-store/vault.ts';
import {
  createPostgresIdempotencyStore,
  type PostgresIdempotencyStore,
} from '../infrastructure/idempotency/postgres-idempotency.ts';
import type { Broker } from '../infrastructure/rabbitmq/broker.ts';
import type { EventCache } from '../infrastructure/read-cache/event-cache.ts';
import type { Tracing } from '../infrastructure/tracing/tracing.ts';
import type { RedisConnection } from '../infrastructure/redis/connect-redis.ts';
import { systemIds } from '../infrastructure/ids.ts';
import type { TokenKeys } from '../infrastructure/keys/token-keys.ts';
import { createMetricsRegistry } from '../infrastructure/http/observe.ts';
import { systemClock } from '../infrastructure/clock.ts';
import { APP_ROLE } from '../infrastructure/postgres/app-role.ts';
import { connectDatabase, type Database } from '../infrastructure/postgres/database.ts';
import { assertDurable } from '../infrastructure/postgres/durability.ts';
import type { ReplicationLog } from '../kernel/replication.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Limiter } from '../kernel/limiter.ts';
import type { Clock } from '../kernel/time.ts';
import type { FileVault } from '../kernel/vault.ts';
import { createChainWatch } from './chain-watch.ts';
import type { Config } from './config.ts';
import { createHeadquartersKey } from './headquarters-key.ts';
import { openEventBroker } from './event-broker.ts';
import { createFiscalRegisters, type FiscalRegisters } from './fiscal-registers.ts';
import { openFileStore } from './file-store.ts';
import { createLedgerWatch } from './ledger-watch.ts';
import { createBreakerWatch } from './metrics/breaker-metrics.ts';
import { createCallWatch } from './metrics/provider-metrics.ts';
import { createFlushWatch, watchPools } from './metrics/pool-metrics.ts';
import { showState } from './metrics/show-state.ts';
import { createSyncWatch } from './metrics/sync-metrics.ts';
import { watchAppends } from './metrics/watch-appends.ts';
import { openTracing, traceAppends, traceCalls } from './traces.ts';
import { createLimiter, openRedis } from './shared-limits.ts';
import { createShownAnswers } from './shown-answers.ts';
import { openMessageChannels, type MessageChannels } from './message-channels.ts';
import { createModules, type Modules } from './modules.ts';
import { createPaymentProviders } from './payment-providers.ts';
import { cursorKeyOf, loadSecrets, type Secrets } from './secrets.ts';
import type { Providers } from './wiring/tools.ts';

/** Everything a process is made of, whatever it then does with it. */
export type App = {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly database: Database;
  readonly store: PostgresEventStore;
  /** Holds appends to the store back. */
  readonly appendGate: Pick<AppendGate, 'alone'>;
  /** The same log as other nodes see it. */
  readonly replication: ReplicationLog;
  readonly idempotency: PostgresIdempotencyStore;
  readonly limiter: Limiter;
  readonly cursorKey: Uint8Array;
  /** To look whether another key signs access tokens by now. */
  readonly tokenKeys: Pick<TokenKeys, 'look'>;
  readonly modules: Modules;
  /** Kept for pages from the moment it is started. */
  readonly shownAnswers: EventCache;
  /** What processes count together in; null where each counts by itself. */
  readonly redis: RedisConnection | null;
  /** What carries events to their readers; null where they read the log themselves. */
  readonly broker: Broker | null;
  /** Tells a collector what is done for whom; null where none is configured. */
  readonly tracing: Tracing | null;
  readonly channels: MessageChannels;
  readonly fiscalRegisters: FiscalRegisters;
  /** Waits for appends under way, then closes all connections. */
  close(): Promise<void>;
};

type Setting = {
  readonly config: Config;
  readonly log: Logger;
  readonly databaseUrl: string;
  /** Whether the login role may take on the narrow role of the application. */
  readonly canSetRole: boolean;
  /** The system's when absent. */
  readonly clock?: Clock;
  /** Waits by that clock; by the system's when absent. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** From the system's random source when absent. */
  readonly ids?: Ids;
  /** Those that are configured when absent. */
  readonly providers?: Providers;
  /** Those that are configured when absent. */
  readonly fiscalRegisters?: FiscalRegisters;
  /** From 0 up to 1; the system's when absent. */
  readonly chance?: () => number;
  /** Opens pools of connections; of the network when absent. */
  readonly connect?: typeof connectDatabase;
};

const requestKeys = (secrets: Secrets): Pick<App, 'cursorKey' | 'tokenKeys'> => ({
  cursorKey: cursorKeyOf(secrets),
  tokenKeys: secrets.accessTokenKeys,
});

/**
 * Connects to the database and builds every module on it.
 * @throws when the database is not durable in production, or belongs to another node.
 */
export async function compose(setting: Setting): Promise<App> {
  const { config, log, clock = systemClock, sleep = systemSleep, ids = systemIds } = setting;
  const metrics = createMetricsRegistry();
  const { database, writer } = await openPools(setting);
  const redis = openRedis({ config, log, metrics });
  const { nodeId } = config;
  const tracing = await openTracing(config);
  const http = tracing === null ? fetch : traceCalls(fetch, tracing);
  const eventLog = await openEventLog({ config, writer, database, clock, sleep }, metrics, tracing);
  const shownAnswers = createShownAnswers({ redis, nodeId, incarnation: eventLog.incarnation, log, metrics });
  const appendGate = createAppendGate(shownAnswers.watching(eventLog));
  const { store } = appendGate;
  const replication = openReplication(config, database, clock);
  const secrets = await loadSecrets(config, clock);
  const vault = openVault(config, createSubjectKeyTable(database), secrets);
  const watchBreaker = createBreakerWatch(metrics);
  const limiter = createLimiter({ redis, nodeId, secrets, clock, metrics, watchBreaker });
  const channels = openMessageChannels({ config, log, metrics, http, watchBreaker });
  const waysOut = { http, watchBreaker, watchCalls: createCallWatch(metrics) };
  const fiscalRegisters = setting.fiscalRegisters ?? createFiscalRegisters({ config, log, ...waysOut });
  const modules = createModules({
    store,
    appendGate,
    replication,
    database,
    vault,
    files: openFileStore(config, watchBreaker),
    cache: shownAnswers,
    clock,
    ids,
    chance: setting.chance ?? Math.random,
    limiter,
    secrets,
    providers: setting.providers ?? (await createPaymentProviders(config, clock, waysOut)),
    fiscalRegisters,
    channels,
    ...identityOf(config, secrets),
    authorityPem: config.tlsCaFile === null ? null : await readFile(config.tlsCaFile, 'utf8'),
    ...createChainWatch({ config, log, metrics, clock }),
    ...createLedgerWatch({ log, metrics }),
    ...createSyncWatch({ log, metrics }),
    announce: (message) => log.info(message),
    onError: (error) => log.error({ err: error }, 'something failed that nobody waits for'),
  });
  watchPools(metrics, { database, writer }, store);
  const backups = () => readBackupState(database);
  showState({ config, metrics, clock, store, parkedEvents: createParkedEvents(database), backups, modules });
  const broker = openEventBroker({ config, log, metrics, secrets, flows: modules.flows });
  return {
    shownAnswers,
    redis,
    broker,
    tracing,
    channels,
    fiscalRegisters,
    config,
    log,
    clock,
    metrics,
    database,
    store,
    appendGate,
    replication,
    idempotency: createPostgresIdempotencyStore(database, vault),
    limiter,
    ...requestKeys(secrets),
    modules,
    close: () => closeAll({ broker, channels, redis, store, tracing, database }, writer),
  };
}

/** Headquarters seals nothing: parks read its feed, and remember themselves where it was. */
function openReplication({ node, markerFile }: Config, database: Database, clock: Clock): ReplicationLog {
  const log = createPostgresReplicationLog(database, clock);
  return node.role === 'park' ? markSeals(log, createMarkerFile(markerFile)) : log;
}

type Opened = Pick<App, 'broker' | 'channels' | 'redis' | 'store' | 'tracing' | 'database'>;

async function closeAll(
  { broker, channels, redis, store, tracing, database }: Opened,
  writer: Database,
): Promise<void> {
  await broker?.close();
  channels.close();
  redis?.close();
  await store.close();
  await tracing?.close();
  await Promise.all([database.close(), writer.close()]);
}

const identityOf = (config: Config, { nodeKey }: Secrets) => ({
  headquartersKey: nodeKey === null ? null : createHeadquartersKey(config),
  mode: config.mode,
  nodeId: config.nodeId,
  role: config.node.role,
  parkId: config.node.role === 'park' ? config.node.parkId : null,
  publicUrl: config.publicUrl,
  alonePerHour: config.alonePerHour,
  staffNeedsFactor: config.staffNeedsFactor,
  stepUpMs: config.stepUpMs,
});

function openVault({ node, nodeId }: Config, keys: SubjectKeyTable, { masterKey }: Secrets): FileVault {
  const vault = createVault({ keys, masterKey });
  return node.role === 'park' ? createOwnSubjects(vault, systemIds, nodeId) : vault;
}

/** One pool for reading, and one connection that all appends share. */
async function openPools({ config, log, databaseUrl, canSetRole, connect = connectDatabase }: Setting) {
  const connection = {
    url: databaseUrl,
    ssl: config.databaseSsl,
    role: canSetRole ? APP_ROLE : undefined,
    applicationName: `skypark-${config.nodeId}`,
    onError: (error: Error) => log.warn({ err: error }, 'a database connection broke'),
  };
  const database = connect({ ...connection, poolSize: config.databasePoolSize });
  await requireDurable(database, config, log);
  return { database, writer: connect({ ...connection, poolSize: 1 }) };
}

type LogPlace = Required<Pick<Setting, 'config' | 'clock' | 'sleep'>> & Record<'writer' | 'database', Database>;

/** The log, with all that it stores counted, and traced where that is wanted. */
async function openEventLog(place: LogPlace, metrics: Registry, tracing: Tracing | null): Promise<PostgresEventStore> {
  const { config, writer, database, clock, sleep } = place;
  const { nodeId, node } = config;
  const appender = { onFlush: createFlushWatch(metrics) };
  const setting = { writer, reader: database, nodeId, role: node.role, clock, sleep, appender };
  const store = watchAppends(await openPostgresEventStore(setting), metrics);
  return tracing === null ? store : traceAppends(store, tracing);
}

async function requireDurable(database: Database, config: Config, log: Logger): Promise<void> {
  const faults = await assertDurable(database);
  if (faults.length === 0) return;
  const message = `The database would not keep what we acknowledge: ${faults.join('; ')}`;
  if (config.mode === 'production') throw new Error(message);
  log.warn(message);
}

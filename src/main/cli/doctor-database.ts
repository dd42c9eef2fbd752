import { systemClock } from '../../infrastructure/clock.ts';
import { createParkedEvents } from '../../infrastructure/event-store/parked-events.ts';
import { staleProjections } from '../../infrastructure/event-store/refresh-projections.ts';
import { verifyChain } from '../../infrastructure/event-store/verify-chain.ts';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import { assertDurable } from '../../infrastructure/postgres/durability.ts';
import { migrate } from '../../infrastructure/postgres/migrate.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Config } from '../config.ts';
import { migrationSources } from '../migration-sources.ts';
import { bad, finished, good, poor, type CheckUp } from './check-up.ts';
import type { DatabaseServer } from './office.ts';
import { SUBSCRIPTIONS, type SubscriptionRow } from './log-commands.ts';

const VERSION = statement('doctor.version', `select current_setting('server_version') as version`);
const NOW = statement('doctor.now', 'select store.to_ms(clock_timestamp()) as now');
const HEAD = statement('doctor.head', 'select position, node_id as "nodeId" from store.head');
const OVERDUE = statement(
  'doctor.overdue',
  `select count(*) as count from booking.tickets where status = 'pending_payment' and expires_at < now() - interval '5 minutes'`,
);

const HEADQUARTERS = statement(
  'doctor.headquarters',
  `select store.to_ms(clock_timestamp()) - p.last_contact_ms as "silentMs",
     h.seq - case when p.acked_incarnation = h.incarnation then p.acked_seq else 0 end as waiting
   from store.head h, store.peer p order by p.last_contact_ms desc limit 1`,
);

/** The end of the log, where something new would be wrong; `check` looks at all of it. */
const CHAIN_EVENTS = 10_000;
const MUCH_LAG = 1000;
const MUCH_SKEW_MS = 1000;
const TOO_MUCH_SKEW_MS = 30_000;
/** As the alarm at headquarters has it. */
const SILENT_MS = 30 * 60_000;

async function server(database: Database, { description }: DatabaseServer, { mode }: Config) {
  const [row] = await database.rows<{ version: string }>(VERSION);
  const faults = await assertDurable(database);
  const text = `${description}, version ${row?.version ?? 'unknown'}`;
  if (faults.length === 0) return good(`${text}, keeps what it acknowledges`);
  const found = `${text}: ${faults.join('; ')}`;
  const mend = 'set these in postgresql.conf, or use another server';
  return mode === 'production' ? bad(found, mend) : poor(found, mend);
}

async function schema({ url }: DatabaseServer, { databaseSsl: ssl }: Config) {
  const { pending } = await migrate(url, migrationSources, { log: () => undefined, onlyCheck: true, ssl });
  return pending.length === 0
    ? good('that of this program')
    : bad(`${pending.length} migrations are to be applied`, 'npm run migrate, or any start');
}

async function log(database: Database, { nodeId }: Config) {
  const [head] = await database.rows<{ position: number; nodeId: string }>(HEAD);
  if (head === undefined) return good('empty; the first start begins it');
  if (head.nodeId !== nodeId)
    return bad(`it is that of node ${head.nodeId}`, 'correct SKYPARK_NODE_ID or the database');
  const chain = await verifyChain(database, { afterPosition: Math.max(0, head.position - CHAIN_EVENTS) });
  if (!chain.intact) return bad(`at position ${chain.position}: ${chain.fault}`, 'stop, and restore a backup');
  return good(`${head.position} events; the chain of the last ${chain.checked} fits its head`);
}

async function readModels(database: Database) {
  const stale = await staleProjections(database);
  return stale.length === 0
    ? good('made by the functions there are now')
    : bad(`made by an earlier version: ${stale.join(', ')}`, 'npm run migrate, or cli -- projections rebuild');
}

async function readers(database: Database) {
  const rows = await database.rows<SubscriptionRow>(SUBSCRIPTIONS);
  const late = rows.filter(({ behind }) => behind > MUCH_LAG).map(({ name, behind }) => `${name} by ${behind} events`);
  return late.length === 0
    ? good(rows.length === 0 ? 'none yet; the first worker begins' : `${rows.length}, none far behind the log`)
    : poor(`behind: ${late.join(', ')}`, 'look whether a worker runs, and at cli -- parked');
}

async function parked(database: Database) {
  const counts = Object.entries(await createParkedEvents(database).counts());
  const text = counts.map(([name, count]) => `${count} of ${name}`).join(', ');
  return counts.length === 0 ? good('none') : poor(text, 'cli -- parked says why, and retries or skips');
}

async function holds(database: Database) {
  const [row] = await database.rows<{ count: number }>(OVERDUE);
  const count = row?.count ?? 0;
  return count === 0
    ? good('none is overdue')
    : poor(`${count} are overdue; their places count as free`, 'look whether a worker runs');
}

/** A park works without headquarters, so its silence is never bad. */
async function headquarters(database: Database) {
  const [row] = await database.rows<{ silentMs: number; waiting: number }>(HEADQUARTERS);
  if (row === undefined) return poor('not heard yet', 'cli -- enrol --code CODE, then start the node');
  const text = `heard ${Math.max(0, Math.round(row.silentMs / 1000))} s ago, ${row.waiting} events to hand over`;
  return row.silentMs > SILENT_MS
    ? poor(text, 'look at the line, then at headquarters; the park works on')
    : good(text);
}

async function clockOf(database: Database, clock: Clock) {
  const beforeMs = clock.now();
  const [row] = await database.rows<{ now: number }>(NOW);
  const skewMs = Math.round(Math.abs((beforeMs + clock.now()) / 2 - (row?.now ?? 0)));
  const text = `${skewMs} ms apart from that of the database`;
  const mend = 'let both machines follow the same time server';
  if (skewMs > TOO_MUCH_SKEW_MS) return bad(text, mend);
  return skewMs > MUCH_SKEW_MS ? poor(text, mend) : good(text);
}

/**
 * The database and all that stands in it; what builds on something bad is not looked at.
 * @param clock of this machine
 */
export async function databaseCheckUps(
  at: DatabaseServer,
  config: Config,
  clock: Clock = systemClock,
): Promise<readonly CheckUp[]> {
  const { databaseSsl: ssl } = config;
  const database = connectDatabase({
    url: at.url,
    ssl,
    poolSize: 1,
    applicationName: 'skypark-doctor',
    onError: () => undefined,
  });
  try {
    const ground = [
      await finished('database', () => server(database, at, config), {
        state: 'bad',
        mend: 'start it, or correct DATABASE_URL or DB_*',
      }),
    ];
    if (ground.at(-1)?.state === 'bad') return ground;
    ground.push(await finished('schema', () => schema(at, config)));
    if (ground.at(-1)?.state === 'bad') return ground;
    return [
      ...ground,
      await finished('log', () => log(database, config)),
      await finished('read models', () => readModels(database)),
      await finished('readers', () => readers(database)),
      await finished('parked events', () => parked(database)),
      await finished('holds', () => holds(database)),
      await finished('clock', () => clockOf(database, clock)),
      ...(config.node.role === 'park' ? [await finished('headquarters', () => headquarters(database))] : []),
    ];
  } finally {
    await database.close();
  }
}

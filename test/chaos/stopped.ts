import { statement } from '../../src/infrastructure/postgres/session.ts';
import { compose, type App } from '../../src/main/compose.ts';
import { openNodeDatabase } from '../../src/main/database-of.ts';
import { configOf, createCleanUp, loggerOf, type CleanUp, type Settings } from '../support/product.ts';
import type { ChaosNode } from './node.ts';

export type Opened = { readonly nodeId: string; readonly databaseUrl: string; readonly app: App };

/** What is no data of the node: its parts are gone, and nobody calls it. */
const ELSEWHERE = /^(REDIS_|RABBITMQ_|S3_|TLS_|HOST$|PUBLIC_URL$)/;

/** A stopped node as its data are, with nothing at work. */
export async function openStopped({ place }: ChaosNode, later: CleanUp): Promise<Opened> {
  const own = Object.entries(place.settings).filter(([name]) => !ELSEWHERE.test(name));
  const settings: Settings = Object.fromEntries([...own, ['LOG_LEVEL', 'silent']]);
  const config = configOf(settings);
  const log = loggerOf(config);
  const database = await openNodeDatabase(config, log);
  later(() => database.stop());
  const { url: databaseUrl, canSetRole } = database;
  const app = await compose({ config, log, databaseUrl, canSetRole });
  later(() => app.close());
  return { nodeId: config.nodeId, databaseUrl, app };
}

const HEARD = statement(
  'chaos.heard',
  `select distinct unnest(array[e.aggregate_id::text, e.event_data->>'scanId']) as id
   from store.head h join store.event e using (incarnation) join store.peer p on p.acked_incarnation = h.incarnation
   where e.seq <= p.acked_seq`,
);

/** Tickets and scans of a stopped park that headquarters has taken from it, by its word. */
export async function heardOf(node: ChaosNode): Promise<ReadonlySet<string>> {
  const { later, run } = createCleanUp();
  try {
    const { app } = await openStopped(node, later);
    const rows = await app.database.rows<{ readonly id: string | null }>(HEARD, []);
    return new Set(rows.flatMap(({ id }) => id ?? []));
  } finally {
    await run();
  }
}

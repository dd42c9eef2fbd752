import { Client } from 'pg';
import { createTestDatabase } from '../../test/support/database.ts';
import { clientConfig } from '../infrastructure/postgres/connection-settings.ts';
import { connectDatabase, type Connection, type Database } from '../infrastructure/postgres/database.ts';
import { sessionOf } from '../infrastructure/postgres/session.ts';

/** How many rows a table must have for a plan to matter. */
export const ROWS = 50_000;
/** How the server may plan a statement that it was given before. */
export const PLAN_MODES = ['force_custom_plan', 'force_generic_plan'] as const;

type Plan = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
};

/** Tables that a plan reads from end to end. */
const scansOf = (plan: Plan): readonly string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] !== undefined ? [plan['Relation Name']] : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
];

export type PlanStage = Awaited<ReturnType<typeof openPlanStage>>;

/** A database with large tables that tells how each statement was carried out. */
export async function openPlanStage(fill: string) {
  const database = await createTestDatabase();
  const settings = { url: database.url, applicationName: 'plans-test', statementTimeoutMs: 0 };
  const pool = connectDatabase({ ...settings, poolSize: 1, onError: () => undefined });
  const client = new Client(clientConfig(settings));
  let plans: Plan[] = [];
  client.on('notice', ({ message = '' }) => {
    const json = message.slice(message.indexOf('{'));
    if (message.startsWith('duration:')) plans.push((JSON.parse(json) as { Plan: Plan }).Plan);
  });
  await client.connect();
  await client.query(`${fill} analyze;`);
  await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json; set client_min_messages = log`);
  const session = sessionOf(client, true);
  const own: Pick<Connection, 'rows' | 'run' | 'transaction'> = {
    ...session,
    async transaction(work) {
      await client.query('begin');
      const done = await work(session);
      await client.query('rollback');
      return done;
    },
  };
  const nobody = async () => undefined;
  const watched: Database = {
    ...pool,
    ...own,
    // How such a connection plans is looked at as it is.
    exclusive: (work) => work({ ...own, run: nobody, listen: nobody, close: nobody }),
  };
  return {
    client,
    watched,
    /** How many statements are carried out while something is asked, and the tables that they read from end to end. */
    async plansOf(mode: (typeof PLAN_MODES)[number], ask: () => Promise<unknown>) {
      await client.query(`set plan_cache_mode = ${mode}`);
      plans = [];
      await ask();
      return { statements: plans.length, scans: plans.flatMap(scansOf) };
    },
    async close(): Promise<void> {
      await client.end();
      await pool.close();
      await database.drop();
    },
  };
}

import { Client } from 'pg';
import { runOf } from './database-names.js';
/** The URL of another database on the same server. */
export function urlOf(adminUrl, database) {
    const url = new URL(adminUrl);
    url.pathname = `/${database}`;
    return url.href;
}
export async function withClient(url, work) {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
        return await work(client);
    }
    finally {
        await client.end();
    }
}
/** Drops a database together with whoever is still connected to it. */
export async function dropDatabase(client, name) {
    const quoted = client.escapeIdentifier(name);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [name]);
    if (rowCount === 1)
        await client.query(`ALTER DATABASE ${quoted} IS_TEMPLATE false`);
    await client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
}
async function ourDatabases(client) {
    const { rows } = await client.query(`SELECT d.datname AS name, count(a.pid)::int AS connections
       FROM pg_database d LEFT JOIN pg_stat_activity a ON a.datid = d.oid GROUP BY d.datname`);
    return rows.flatMap((row) => {
        const run = runOf(row.name);
        return run === null ? [] : [{ ...row, ...run }];
    });
}
/** Drops all databases of one run. */
export async function dropRun(client, run) {
    for (const database of await ourDatabases(client)) {
        if (database.run === run)
            await dropDatabase(client, database.name);
    }
}
/** Drops the databases of runs that began before `beforeMs` and to none of whose databases anybody is connected. */
export async function dropDeadRuns(client, beforeMs) {
    const databases = await ourDatabases(client);
    const alive = new Set(databases.filter(({ connections }) => connections > 0).map(({ run }) => run));
    const dead = new Set(databases.filter(({ run, beganMs }) => beganMs < beforeMs && !alive.has(run)).map(({ run }) => run));
    for (const run of dead)
        await dropRun(client, run);
}

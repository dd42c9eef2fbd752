import { mkdtemp, readdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from '../../src/infrastructure/embedded-postgres/error.js';
import { eraseEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/home.js';
import { pidExists } from '../../src/infrastructure/embedded-postgres/process-identity.js';
import { startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.js';
import { dropDeadRuns, dropRun, withClient } from './database-admin.js';
import { newRunName } from './database-names.js';
const MS_AN_HOUR = 3_600_000;
const DIRECTORY = /^skypark-test-(\d+)-/;
/** The runner shows what goes to its error output as it is. */
const say = (message) => void process.stderr.write(`${message}\n`);
const log = { debug: () => undefined, info: () => undefined, warn: say };
/** Removes the data directories of runs that were killed. */
async function removeDeadDirectories(parent) {
    for (const name of await readdir(parent)) {
        const pid = DIRECTORY.exec(name)?.[1];
        if (pid === undefined || pidExists(Number(pid)))
            continue;
        const path = join(parent, name);
        const found = await stat(path).catch(() => null);
        const mine = found !== null && (process.getuid === undefined || found.uid === process.getuid());
        if (mine && found.mtimeMs < Date.now() - MS_AN_HOUR)
            await eraseEmbeddedPostgres(path);
    }
}
/** Tests may lose their data, so they need not wait for the disk. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' };
async function useEmbedded(project) {
    const parent = await realpath(tmpdir());
    await removeDeadDirectories(parent);
    const dataDir = await mkdtemp(join(parent, `skypark-test-${process.pid}-`));
    try {
        const server = await startEmbeddedPostgres({ dataDir, settings, log });
        project.provide('postgres', { adminUrl: server.url, run: newRunName(Date.now()) });
        return async () => {
            await server.stop();
            await eraseEmbeddedPostgres(dataDir);
        };
    }
    catch (error) {
        await eraseEmbeddedPostgres(dataDir);
        const mayGoWithout = error instanceof EmbeddedPostgresError && error.failure === 'unsupported_platform';
        if (!mayGoWithout || process.env['CI'])
            throw error;
        say(`SKIPPED: all tests that need PostgreSQL. ${error.message} (for tests: TEST_DATABASE_URL)`);
        project.provide('postgres', null);
        return async () => undefined;
    }
}
async function useGiven(project, adminUrl) {
    const run = newRunName(Date.now());
    await withClient(adminUrl, (client) => dropDeadRuns(client, Date.now() - MS_AN_HOUR));
    project.provide('postgres', { adminUrl, run });
    return () => withClient(adminUrl, (client) => dropRun(client, run));
}
/**
 * Provides one PostgreSQL server for the whole run: that of TEST_DATABASE_URL (a superuser's URL), else an embedded one
 * that ends with this process. Where neither can be had the tests that need one are skipped, except in CI.
 */
export async function setup(project) {
    const given = process.env['TEST_DATABASE_URL'];
    return given ? await useGiven(project, given) : await useEmbedded(project);
}

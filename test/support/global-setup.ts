import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { EmbeddedPostgresError } from '../../src/infrastructure/embedded-postgres/error.ts';
import { eraseEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/home.ts';
import { pidExists } from '../../src/infrastructure/embedded-postgres/process-identity.ts';
import { startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import { chromiumPath } from './chromium.ts';
import { dropDeadRuns, dropRun, withClient } from './database-admin.ts';
import { newRunName } from './database-names.ts';
import { hasSwift } from './own-swift.ts';
import { projectRoot } from './project-files.ts';
import { SERVICES, type ServiceName } from './service-names.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run and the beginning of the names of its databases; null when there is no server. */
    postgres: { readonly adminUrl: string; readonly run: string } | null;
    /** The URLs of further servers; null for those that this run does not have. */
    services: Readonly<Record<ServiceName, string | null>>;
  }
}

type Teardown = () => Promise<void>;

const MS_AN_HOUR = 3_600_000;
const DIRECTORY = /^skypark-test-(\d+)-/;

/** The runner shows what goes to its error output as it is. */
const say = (message: string): void => void process.stderr.write(`${message}\n`);

const log = { debug: () => undefined, info: () => undefined, warn: say };

/** Removes the data directories of runs that were killed. */
async function removeDeadDirectories(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = DIRECTORY.exec(name)?.[1];
    if (pid === undefined || pidExists(Number(pid))) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => null);
    const mine = found !== null && (process.getuid === undefined || found.uid === process.getuid());
    if (mine && found.mtimeMs < Date.now() - MS_AN_HOUR) await eraseEmbeddedPostgres(path);
  }
}

/** Tests may lose their data, so they need not wait for the disk. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' };

async function useEmbedded(project: TestProject): Promise<Teardown> {
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
  } catch (error) {
    await eraseEmbeddedPostgres(dataDir);
    const mayGoWithout = error instanceof EmbeddedPostgresError && error.failure === 'unsupported_platform';
    if (!mayGoWithout || process.env['CI']) throw error;
    say(`SKIPPED: all tests that need PostgreSQL. ${error.message} (for tests: TEST_DATABASE_URL)`);
    project.provide('postgres', null);
    return async () => undefined;
  }
}

async function useGiven(project: TestProject, adminUrl: string): Promise<Teardown> {
  const run = newRunName(Date.now());
  await withClient(adminUrl, (client) => dropDeadRuns(client, Date.now() - MS_AN_HOUR));
  project.provide('postgres', { adminUrl, run });
  return () => withClient(adminUrl, (client) => dropRun(client, run));
}

/** Servers that the run was told of. Without one its tests are skipped, except in CI. */
function provideServices(project: TestProject): void {
  const urlOf = (name: ServiceName): string | null => {
    const { variable, title, example } = SERVICES[name];
    const url = process.env[variable];
    if (url !== undefined && url !== '') return url;
    if (process.env['CI']) throw new Error(`${variable} is not set: in CI the tests that need ${title} must run`);
    say(`SKIPPED: the tests that need ${title}. ${variable}=${example} runs them.`);
    return null;
  };
  project.provide('services', { redis: urlOf('redis'), rabbitmq: urlOf('rabbitmq') });
}

/** Swift is started by the tests that need it. */
function lookForSwift(): void {
  if (hasSwift()) return;
  if (process.env['CI']) throw new Error('OpenStack Swift is missing: in CI the tests that need it must run');
  say('SKIPPED: the tests that need OpenStack Swift, an S3 server. Debian has it: .ci/run installs it.');
}

/** Browsers are started by the tests that need one. */
function lookForChromium(): void {
  if (chromiumPath() !== null) return;
  if (process.env['CI']) throw new Error('Chromium is missing: in CI the tests of the pages must run');
  say('SKIPPED: the tests that need a browser. Debian has one, the package chromium; TEST_CHROMIUM names another.');
}

/**
 * Provides one PostgreSQL server for the whole run: that of TEST_DATABASE_URL (a superuser's URL), else an embedded one
 * that ends with this process. Where neither can be had the tests that need one are skipped, except in CI.
 */
export async function setup(project: TestProject): Promise<Teardown> {
  provideServices(project);
  lookForSwift();
  lookForChromium();
  // The programs that tests run are those that people run.
  await promisify(execFile)(process.execPath, ['tools/build.mjs', '--if-stale'], { cwd: projectRoot });
  const given = process.env['TEST_DATABASE_URL'];
  return given ? await useGiven(project, given) : await useEmbedded(project);
}

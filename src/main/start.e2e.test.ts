import { once } from 'node:events';
import { chown, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { localSettings, outputOf, runProgram, startProgram, temporaryDataDir } from '../../test/support/product.ts';

const PLAIN_UID = 65_534;
const END_LIMIT_MS = 15_000;

describe('npm start with its own database', { timeout: 120_000 }, () => {
  test('ends with code 1 and says why when its database is lost, so that a supervisor starts it again', async () => {
    const dataDir = await temporaryDataDir();
    const settings = await localSettings(dataDir, { LOG_LEVEL: 'fatal' });
    const { child } = await startProgram('start', settings);
    const sandbox = `http://127.0.0.1:${settings['SKYPARK_SANDBOX_PORT']}/orders`;
    expect((await fetch(sandbox)).status).toBe(200);
    let log = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
    const pidFile = join(dataDir, 'postgres', 'cluster', 'data', 'postmaster.pid');
    const postmaster = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
    const ended = once(child, 'close');
    process.kill(postmaster, 'SIGQUIT');
    const outcome = await Promise.race([ended, sleep(END_LIMIT_MS, 'still up', { ref: false })]);
    expect(outcome).toEqual([1, null]);
    expect(log).toContain(`PostgreSQL (process ${postmaster}) stopped unexpectedly`);
    await expect(fetch(sandbox)).rejects.toThrow('fetch failed');
  });

  test.skipIf(process.getuid?.() !== 0)('refuses, as root, a data directory of a plain user', async () => {
    const dataDir = await temporaryDataDir();
    await chown(dataDir, PLAIN_UID, PLAIN_UID);
    const program = runProgram('src/main/start.ts', [], await localSettings(dataDir));
    const { code, text } = await outputOf(program);
    expect([code, text]).toEqual([1, expect.stringContaining(`belongs to uid ${PLAIN_UID}: start as that user`)]);
    expect(await readdir(dataDir)).toEqual([]);
  });
});

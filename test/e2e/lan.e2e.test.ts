import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeAuthority } from '../../src/infrastructure/tls/authority.ts';
import { killTree, outputOf, runProgram, temporaryDataDir } from '../support/product.ts';
import { projectRoot } from '../support/project-files.ts';

const NAME = 'gate.dordoi.lan';
const isAllowed = spawnSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']).status === 0;

describe('a park that no network leads out of', { timeout: 180_000 }, () => {
  test('has HTTPS by its own authority: a gate device believes the node by its name, and scans', async (context) => {
    if (!isAllowed && process.env['CI'] === undefined) {
      context.skip('needs root and namespaces: unshare --net --mount');
    }
    const dataDir = await temporaryDataDir();
    const cli = (...words: readonly string[]) =>
      outputOf(runProgram('src/main/cli.ts', words, { SKYPARK_DATA_DIR: dataDir }));
    const other = join(dataDir, 'other');
    mkdirSync(other);
    expect(await cli('tls', 'ca')).toMatchObject({ code: 0 });
    expect(await cli('tls', 'issue', `${NAME},127.0.0.1`)).toMatchObject({ code: 0 });
    expect(await cli('tls', 'issue', NAME, '--out', other)).toMatchObject({ code: 0 });
    expect(await cli('tls', 'ca')).toMatchObject({ code: 1, text: expect.stringContaining('There is an authority') });
    writeFileSync(join(other, 'stranger.pem'), makeAuthority('Sky Park', Date.now()).certificatePem);
    const hosts = join(dataDir, 'hosts');
    writeFileSync(hosts, `127.0.0.1 localhost\n127.0.0.1 ${NAME}\n`);

    const child = ['--import', 'tsx', 'test/support/lan-child.ts', dataDir, hosts, NAME, other];
    const inside = spawn('unshare', ['--net', '--mount', process.execPath, ...child], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: join(dataDir, 'keys', 'ca.pem') },
    });
    onTestFinished(() => killTree(inside));
    const { text } = await outputOf(inside);
    const [line] = text.split('\n').filter((one) => one.startsWith('{"interfaces"'));
    expect(line, text).toBeDefined();
    expect(JSON.parse(line ?? '{}')).toEqual({
      interfaces: ['lo'],
      outside: 'ENETUNREACH',
      isToldTheAuthority: true,
      scanned: 'admitted',
      light: 'green',
      merged: 'admitted',
      byAnotherName: 'ERR_TLS_CERT_ALTNAME_INVALID',
      withoutTheAuthority: expect.stringMatching(/SIGNATURE|VERIFY|SELF_SIGNED/) as unknown,
      isAnotherCertificate: true,
      openConnection: { status: 200, isReused: true },
    });
  });
});

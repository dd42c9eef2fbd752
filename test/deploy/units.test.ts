import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { projectFiles, projectRoot, readProjectFile } from '../support/project-files.ts';

const FOLDER = 'deploy/systemd';
const units = readdirSync(join(projectRoot, FOLDER));
const services = units.filter((unit) => unit.endsWith('.service'));
const hasVerify = spawnSync('systemd-analyze', ['--version']).error === undefined;

describe('the systemd units', () => {
  test.each(services)('%s runs hardened, as an account of its own, and starts a program that exists', (unit) => {
    const lines = readProjectFile(`${FOLDER}/${unit}`).split('\n');
    for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=yes', 'CapabilityBoundingSet=']) {
      expect(lines).toContain(line);
    }
    expect(lines.some((line) => /^User=(?!root)/.test(line))).toBe(true);
    const program = /^ExecStart=.*?\/opt\/skypark\/(\S+)$/m.exec(lines.join('\n'))?.[1] ?? '';
    expect(projectFiles()).toContain(program.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
  });

  test.each(['skypark-api.service', 'skypark-worker.service', 'skypark-park-node.service'])(
    '%s starts again, and has time to end in order',
    (unit) => {
      const text = readProjectFile(`${FOLDER}/${unit}`);
      expect(text).toContain('\nRestart=always\n');
      const stopLimitS = Number(/STOP_LIMIT_MS = (\d+)_000/.exec(readProjectFile('src/main/process.ts'))?.[1]);
      expect(Number(/TimeoutStopSec=(\d+)/.exec(text)?.[1])).toBeGreaterThan(stopLimitS);
    },
  );

  test.each(['skypark-api.service', 'skypark-park-node.service'])(
    '%s reads its certificate again when it is told to, and lives on where it has none',
    async (unit) => {
      const command = /^ExecReload=\/bin\/sh -c '(.*)'$/m.exec(readProjectFile(`${FOLDER}/${unit}`))?.[1] ?? '';
      // As systemd hands it to the shell.
      const script = command.replaceAll('$$', '$');
      const reload = (certificate: string): Promise<NodeJS.Signals | 'alive' | null> => {
        const program = spawn('sleep', ['60']);
        onTestFinished(() => void program.kill());
        const MAINPID = String(program.pid);
        const { status } = spawnSync('sh', ['-c', script], {
          env: { PATH: process.env['PATH'], MAINPID, TLS_CERT_FILE: certificate },
        });
        expect(status).toBe(0);
        const ended = new Promise<NodeJS.Signals | null>((resolve) =>
          program.on('exit', (_code, signal) => resolve(signal)),
        );
        return Promise.race([ended, sleep(300, 'alive' as const)]);
      };
      expect(await reload('/etc/skypark/keys/tls.pem')).toBe('SIGHUP');
      expect(await reload('')).toBe('alive');
    },
  );

  test('are what systemd accepts', (context) => {
    if (!hasVerify) return context.skip('systemd-analyze is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'skypark-units-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const unit of units) {
      // The programs and accounts of a park box are not here.
      const text = readProjectFile(`${FOLDER}/${unit}`)
        .replaceAll(/^ExecStart=\S+/gm, `ExecStart=${process.execPath}`)
        .replaceAll(/^(User|Group)=.*$/gm, '$1=root')
        .replaceAll(/^(Requisite|Documentation)=.*\n/gm, '');
      writeFileSync(join(folder, unit), text);
    }
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...units.map((unit) => join(folder, unit))],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr.split('\n').filter((line) => line.includes(folder))]).toEqual([0, []]);
  });
});

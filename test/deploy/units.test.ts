import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  test.each(['skypark-api.service', 'skypark-worker.service'])(
    '%s starts again, and has time to end in order',
    (unit) => {
      const text = readProjectFile(`${FOLDER}/${unit}`);
      expect(text).toContain('\nRestart=always\n');
      const stopLimitS = Number(/STOP_LIMIT_MS = (\d+)_000/.exec(readProjectFile('src/main/process.ts'))?.[1]);
      expect(Number(/TimeoutStopSec=(\d+)/.exec(text)?.[1])).toBeGreaterThan(stopLimitS);
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

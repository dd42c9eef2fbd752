import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/main/config.ts';
import { loadSecrets } from '../../src/main/secrets.ts';
import { projectRoot, readProjectFile } from '../support/project-files.ts';

const EXAMPLE = 'deploy/park.env.example';
const UNIT = readProjectFile('deploy/systemd/skypark-park-node.service');
const lines = [...readProjectFile(EXAMPLE).matchAll(/^(\w+)=(.*)$/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
);

/** Made for a park in a folder of its own. */
function parkKeys() {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-park-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const make = () => spawnSync(join(projectRoot, 'deploy/make-secrets.sh'), ['--park', folder], { encoding: 'utf8' });
  return { folder, make };
}

/** The example, with the keys in that folder. */
const settingsWith = (folder: string) =>
  Object.fromEntries(
    lines.map(([name, text]) => [name, text.startsWith('/etc/skypark/keys/') ? join(folder, basename(text)) : text]),
  );

describe('the settings of a park node', () => {
  test('are taken by production as in the example, with the keys that make-secrets.sh makes', async () => {
    const { folder, make } = parkKeys();
    const { status, stdout, stderr } = make();
    expect(status, stderr).toBe(0);
    const config = loadConfig(settingsWith(folder));
    expect(config.node).toEqual({ role: 'park', parkId: 'ala-archa', hqUrl: 'https://tickets.example.kg' });
    const { nodeKey } = await loadSecrets(config);
    for (const path of ['', ...readdirSync(folder)]) expect(statSync(join(folder, path)).mode & 0o077).toBe(0);
    // What is there stays: a node is known by its key.
    expect(make().stdout).toBe(stdout);
    expect((await loadSecrets(config)).nodeKey?.kid).toBe(nodeKey?.kid ?? 'none');
  });

  test('name only keys that are made here or come with the certificate', () => {
    const { folder, make } = parkKeys();
    make();
    const named = lines.filter(([, text]) => text.startsWith('/etc/skypark/keys/')).map(([, text]) => basename(text));
    const brought = new Set(['tls.pem', 'tls.key', 'ca.pem']);
    expect(named.filter((name) => !brought.has(name)).toSorted()).toEqual(readdirSync(folder).toSorted());
  });

  test('keep the marker where the unit may write, apart from the data directory', () => {
    const { SKYPARK_MARKER_FILE: marker = '' } = Object.fromEntries(lines);
    const written = /^ReadWritePaths=-(.*)$/m.exec(UNIT)?.[1] ?? 'nowhere';
    expect(marker.startsWith(`${written}/`)).toBe(true);
    expect(UNIT).toContain('EnvironmentFile=/etc/skypark/park.env');
  });
});

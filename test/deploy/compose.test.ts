import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS, secretFileOf } from '../../src/main/settings/table.ts';
import { projectFiles, projectRoot, readProjectFile } from '../support/project-files.ts';

type Service = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly read_only?: boolean;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};

const compose = parse(readProjectFile('deploy/compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const own = services.filter(([, { image }]) => image === 'skypark');

describe('the compose file', () => {
  test('starts every program of the product by its own settings, and knows no others', () => {
    expect(own.map(([name]) => name)).toEqual(['migrate', 'api', 'worker']);
    const known = new Set(Object.keys(SETTINGS).flatMap((name) => [name, secretFileOf(name)]));
    for (const [, { environment = {}, command = ['dist/main/api.js'] }] of own) {
      expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
      const source = command[0]?.replace('dist/', 'src/').replace(/\.js$/, '.ts') ?? '';
      expect(projectFiles()).toContain(source);
    }
  });

  test('names only services, volumes, secrets and files that exist', () => {
    for (const [, { depends_on: needs = {}, secrets = [], volumes = [] }] of services) {
      expect(Object.keys(needs).filter((name) => !(name in compose.services))).toEqual([]);
      expect(secrets.filter((name) => !(name in compose.secrets))).toEqual([]);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('./')) expect(statSync(join(projectRoot, 'deploy', source)).size).toBeGreaterThan(0);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  test('gives every secret from a file, lets nobody else on the network in, and pins every image', () => {
    for (const [, { environment = {}, ports = [], image }] of services) {
      const plain = Object.keys(environment).filter((name) => /PASSWORD|SECRET_KEY|TOKEN|API_KEY/.test(name));
      expect(plain.filter((name) => !name.endsWith('_FILE'))).toEqual([]);
      expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
      if (image !== 'skypark') expect(image).toMatch(/:v?\d+(\.\d+)*(-[a-z]+)?$/);
    }
    expect(own.every(([, service]) => service.read_only)).toBe(true);
  });

  test('has all its secrets made by make-secrets.sh, readable by their owner alone, but those of the provider', () => {
    const folder = mkdtempSync(join(tmpdir(), 'skypark-secrets-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const make = () => spawnSync(join(projectRoot, 'deploy/make-secrets.sh'), [folder], { encoding: 'utf8' });
    const made = make();
    expect(made.status, made.stderr).toBe(0);
    const files = readdirSync(folder);
    const wanted = Object.values(compose.secrets).map(({ file }) => basename(file));
    expect(wanted.filter((name) => !files.includes(name))).toEqual(['elqr_api_key', 'elqr_webhook_key.pem']);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    expect(make().stdout).toBe(made.stdout);
  });
});

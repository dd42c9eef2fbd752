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

  test('archives into folders that the server may write, and keeps backups there', () => {
    const { archive, postgres, backup } = compose.services;
    expect(postgres?.depends_on).toEqual({ archive: { condition: 'service_completed_successfully' } });
    const made = archive?.command?.filter((word) => word.startsWith('/')) ?? [];
    expect(archive?.command?.join(' ')).toContain('-o postgres');
    expect(made).toEqual([backup?.environment?.['ARCHIVE_DIR'], backup?.environment?.['BACKUP_DIR']]);
    expect(postgres?.command?.join(' ')).toContain(`ARCHIVE_DIR=${made[0]} /usr/local/bin/archive-wal.sh`);
    for (const service of [postgres, backup]) {
      expect(service?.volumes).toEqual(expect.arrayContaining(['archive:/archive', 'socket:/var/run/postgresql']));
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

  test('has all its secrets made by make-secrets.sh, where their owner alone sees them, but those of the provider', () => {
    const folder = mkdtempSync(join(tmpdir(), 'skypark-secrets-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const make = () => spawnSync(join(projectRoot, 'deploy/make-secrets.sh'), [folder], { encoding: 'utf8' });
    const made = make();
    expect(made.status, made.stderr).toBe(0);
    const files = readdirSync(folder);
    const wanted = Object.values(compose.secrets).map(({ file }) => basename(file));
    expect(wanted.filter((name) => !files.includes(name))).toEqual(['elqr_api_key', 'elqr_webhook_key.pem']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    // The images of these start as root, or as the owner of the files.
    const readers = services.filter(([name, { image }]) => image === 'skypark' || ['postgres', 'redis'].includes(name));
    const others = services.filter((service) => !readers.includes(service));
    const readByOthers = others.flatMap(([, { secrets = [] }]) => secrets.map((name) => compose.secrets[name]?.file));
    for (const file of files) {
      const isReadByOthers = readByOthers.includes(`./secrets/${file}`);
      expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, isReadByOthers ? 0o644 : 0o600]);
    }
    expect(make().stdout).toBe(made.stdout);
  });
});

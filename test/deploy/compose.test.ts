import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigFault, loadConfig } from '../../src/main/config.ts';
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
  readonly user?: string;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};

const compose = parse(readProjectFile('deploy/compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const own = services.filter(([, { image }]) => image === 'skypark');

/** Settings that the file leaves at their defaults, that the image gives, or that another setting stands for. */
const LEFT_OUT = [
  /^(HOST|PORT|LOG_LEVEL|S3_REGION)$/,
  /^SKYPARK_(CONFIG|NODE_ID|DATA_DIR|DRAIN_DELAY_MS|SANDBOX_PORT|ADMIN_\w+)$/,
  /^(READ_TIMEOUT|WRITE_TIMEOUT|RATE_LIMIT_\w+|SMS_PER_\w+|LOGIN_FAILURES_LIMIT|GATE_ALONE_PER_HOUR|STAFF_SECOND_FACTOR|STEP_UP_MINUTES|TLS_\w+|OTEL_\w+)$/,
  /^DB_(HOST|PORT|NAME|USER|PASSWORD|POOL_SIZE)$/,
  // The file is headquarters'; the node of a park has a unit of its own. The marker is in the data directory, apart from the database.
  /^SKYPARK_(ROLE|PARK_ID|HQ_URL|MARKER_FILE)$/,
  // For a time, at the change of a key.
  /^(ADMISSION_OLD_KEY_FILES|JWT_OTHER_KEY_FILES|ELQR_WEBHOOK_OTHER_KEY_FILES)$/,
  // The key is a secret there, which no container can replace.
  /^JWT_KEY_DAYS$/,
  // What the cash register knows every installation by.
  /^FISCAL_(MODEL|VERSION|RECEIPT_URL)$/,
];
const isRoot = process.getuid?.() === 0;

/** A folder for secrets, and the script that makes them there. */
function secretsFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const make = () => spawnSync(join(projectRoot, 'deploy/make-secrets.sh'), [folder], { encoding: 'utf8' });
  return { folder, make };
}

/** Says what is wrong with what the API is told, when something is filled in beside the example and every secret is there. */
function installation(): (told: Readonly<Record<string, string>>) => readonly string[] {
  const { folder, make } = secretsFolder();
  make();
  for (const name of ['elqr_api_key', 'elcard_client_secret']) writeFileSync(join(folder, name), 'from a bank');
  const lines = readProjectFile('deploy/compose.env.example').matchAll(/^(\w+)=(.*)$/gm);
  const example = Object.fromEntries([...lines].map(([, name, text]) => [name, text] as const));
  const secretFile = (name: string): string => join(folder, basename(compose.secrets[name]?.file ?? ''));
  return (told) => {
    const filled: Readonly<Record<string, string | undefined>> = { ...example, ...told };
    const environment = Object.entries(compose.services['api']?.environment ?? {}).map(([name, text]) => {
      const value = String(text)
        .replace(/\$\{(\w+):[-?]\}/, (_all, asked: string) => filled[asked] ?? '')
        .replace(/\$\{(\w+):\+(.*)\}/, (_all, asked: string, then: string) => (filled[asked] ? then : ''))
        .replace(/^\/node\//, join(folder, 'node/'))
        .replace(/^\/run\/secrets\/(\w+)$/, (_all, secret: string) => secretFile(secret));
      return [name, value] as const;
    });
    try {
      loadConfig(Object.fromEntries(environment));
    } catch (error) {
      if (error instanceof ConfigFault) return error.faults;
      throw error;
    }
    return [];
  };
}

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

  test('gives every setting that an installation has to say, or may', () => {
    const given = new Set(own.flatMap(([, { environment = {} }]) => Object.keys(environment)));
    const missing = Object.keys(SETTINGS).filter((name) => !given.has(name) && !given.has(secretFileOf(name)));
    expect(missing.filter((name) => !LEFT_OUT.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  test('names only services, volumes, secrets and files that exist', () => {
    for (const [, { depends_on: needs = {}, secrets = [], volumes = [] }] of services) {
      expect(Object.keys(needs).filter((name) => !(name in compose.services))).toEqual([]);
      expect(secrets.filter((name) => !(name in compose.secrets))).toEqual([]);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        // make-secrets.sh makes it.
        if (source === './secrets/node') continue;
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

  test('has all its secrets made by make-secrets.sh, readable by their owner alone, but those of the provider', () => {
    const { folder, make } = secretsFolder();
    const made = make();
    expect(made.status, made.stderr).toBe(0);
    const files = readdirSync(folder);
    const wanted = Object.values(compose.secrets).map(({ file }) => basename(file));
    expect(wanted.filter((name) => !files.includes(name))).toEqual(['elqr_api_key']);
    for (const path of ['', 'node/node_key.pem', ...files]) expect(statSync(join(folder, path)).mode & 0o077).toBe(0);
    expect(make().stdout).toBe(made.stdout);
  });

  test('lets whoever reads a secret own it, also one that was put there by hand', (context) => {
    if (!isRoot) return context.skip('only root may give files away');
    const { folder, make } = secretsFolder();
    make();
    for (const name of ['elqr_api_key', 'elqr_webhook_key.pem', 'smtp_url', 'fiscal_api_key'])
      writeFileSync(join(folder, name), name, { mode: 0o644 });
    make();
    const { uid: keeper } = statSync(join(folder, 'node/node_key.pem'));
    expect([keeper, statSync(join(folder, 'node')).uid]).toEqual([1000, 1000]);
    for (const [service, { secrets = [], user = '0' }] of services) {
      for (const name of secrets) {
        const { uid, mode } = statSync(join(folder, basename(compose.secrets[name]?.file ?? '')));
        expect([service, name, uid, mode & 0o777]).toEqual([service, name, Number(user.split(':')[0]), 0o600]);
      }
    }
  });

  test('gives the product no root, and its volume to its user', () => {
    const { user } = /USER (?<user>\w+)/.exec(readProjectFile('deploy/Dockerfile'))?.groups ?? {};
    // The user "node" of the image has this number, and its folder /data with it.
    expect([user, ...new Set(own.map(([, service]) => service.user))]).toEqual(['node', '1000:1000']);
  });

  test('is taken by production as in the example, for either profile of ELQR, and with cards by a way that is named whole', () => {
    const faultsWith = installation();
    const cards = { ELCARD_BASE_URL: 'https://cards.example', ELCARD_CLIENT_ID: 'sky-park' };
    const bank = { ELQR_WIRE_PROFILE: 'bakai-v1', ELQR_ORDER_FORM: 'qr', ELQR_WEBHOOK_SENDERS: '10.0.0.0/8' };
    const byLogin = { ...cards, ELCARD_AUTH_MODE: 'login', ELCARD_STATUSES: '7=declined' };
    for (const told of [{}, bank, cards, byLogin]) expect(faultsWith(told)).toEqual([]);
    for (const [name, value] of Object.entries(cards)) {
      expect(faultsWith({ [name]: value })).toEqual([expect.stringContaining('ELCARD_CLIENT_ID')]);
    }
  });

  test('sends messages only by ways that are named whole', () => {
    const { environment = {} } = compose.services['api'] ?? {};
    expect(environment['SMS_PASSWORD_FILE']).toBe('${SMS_BASE_URL:+/run/secrets/sms_password}');
    expect(environment['ELCARD_CLIENT_SECRET_FILE']).toBe('${ELCARD_BASE_URL:+/run/secrets/elcard_client_secret}');
    expect(environment['ELQR_WEBHOOK_SECRET_FILE']).toBe('${ELQR_WIRE_PROFILE:+/run/secrets/elqr_webhook_secret}');
    expect(environment['SMTP_URL_FILE']).toBe('${SMTP_FROM:+/run/secrets/smtp_url}');
    expect(environment['FISCAL_API_KEY_FILE']).toBe('${FISCAL_BASE_URL:+/run/secrets/fiscal_api_key}');
    const asked = readProjectFile('deploy/compose.env.example').match(/^\w+(?==)/gm) ?? [];
    const named = new Set(readProjectFile('deploy/compose.yaml').match(/(?<=\$\{)\w+/g));
    expect([...named].toSorted()).toEqual(asked.toSorted());
  });
});

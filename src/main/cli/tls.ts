import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../infrastructure/clock.ts';
import { issueServerCertificate, makeAuthority, type KeyedCertificate } from '../../infrastructure/tls/authority.ts';
import { keysFolder } from '../secrets.ts';
import type { Call, Command } from './command.ts';
import type { Office } from './office.ts';

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function replaceFile(file: string, words: string, mode: number): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, words, { mode, flush: true });
  await rename(draft, file);
}

/** The key first: a program that looks in between finds a pair that does not go together, and looks again. */
async function keep(folder: string, name: string, { certificatePem, keyPem }: KeyedCertificate) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  await replaceFile(files.key, keyPem, 0o600);
  await replaceFile(files.cert, certificatePem, 0o644);
  return files;
}

async function makeCa({ options }: Call, { config, say }: Office): Promise<number> {
  const folder = options['out'] ?? keysFolder(config);
  if ((await isThere(join(folder, 'ca.key'))) || (await isThere(join(folder, 'ca.pem')))) {
    say(`There is an authority in ${folder}: whoever believes it would not believe another one.`);
    return 1;
  }
  const { cert, key } = await keep(folder, 'ca', makeAuthority(options['name'] ?? 'Sky Park', systemClock.now()));
  say(
    `${cert} is the authority, for TLS_CA_FILE and for devices. Whoever has ${key} can be any server: keep it off the nodes.`,
  );
  return 0;
}

async function issue({ operands: [names = ''], options }: Call, { config, say }: Office): Promise<number> {
  const folder = options['ca'] ?? keysFolder(config);
  if (!(await isThere(join(folder, 'ca.key')))) {
    say(`There is no authority in ${folder}: make one with npm run cli -- tls ca`);
    return 1;
  }
  const [certificatePem, keyPem] = await Promise.all(
    ['ca.pem', 'ca.key'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const authority = { certificatePem: certificatePem ?? '', keyPem: keyPem ?? '' };
  const issued = issueServerCertificate(authority, names.split(','), systemClock.now());
  const { cert, key } = await keep(options['out'] ?? keysFolder(config), 'tls', issued);
  say(`${cert} is for TLS_CERT_FILE, ${key} for TLS_KEY_FILE. It ends in 397 days.`);
  return 0;
}

/** Names or IPv4 addresses, separated by commas. */
const NAMES = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?(,[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?)*$/;

export const tlsCommands: readonly Command[] = [
  {
    words: 'tls ca',
    options: { name: 'NAME', out: 'FOLDER' },
    meaning: "makes the chain's own authority for HTTPS in parks that the internet cannot reach, once",
    run: makeCa,
  },
  {
    words: 'tls issue',
    operands: [{ name: 'NAMES', pattern: NAMES }],
    options: { ca: 'FOLDER', out: 'FOLDER' },
    meaning: 'a certificate of the authority for a node, by the names and addresses by which devices reach it',
    run: issue,
  },
];

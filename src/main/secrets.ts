import { hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../infrastructure/clock.ts';
import {
  ensureMasterKey,
  ensureSigningKey,
  ensureSigningKeyFile,
  masterKeyFrom,
  signingKeyFrom,
  type SigningKey,
} from '../infrastructure/keys/key-files.ts';
import {
  distinctKeys,
  keyFileAgeMs,
  oldKeyFilesOf,
  oldKeysOf,
  verifyingKeyFrom,
  type VerifyingKey,
} from '../infrastructure/keys/key-ring.ts';
import {
  openTokenKeys,
  tokenKeyFrom,
  verifyingTokenKeyFrom,
  type TokenKeys,
  type TokenKeySet,
  type VerifyingTokenKey,
} from '../infrastructure/keys/token-keys.ts';
import { systemCode } from '../infrastructure/system-code.ts';
import type { Clock } from '../kernel/time.ts';
import type { HttpFetch } from '../infrastructure/outgoing-http/http-fetch.ts';
import type { Bearer } from '../infrastructure/payment-providers/bakai/exchange.ts';
import { createKeptBearer } from '../infrastructure/payment-providers/bakai/kept-bearer.ts';
import { COMMON_STATUSES } from '../infrastructure/payment-providers/elcard/status-table.ts';
import { ensureKeyPair } from '../infrastructure/payment-providers/key-pair.ts';
import { SANDBOX_BAKAI, SANDBOX_BAKAI_PATH } from '../infrastructure/provider-sandbox/bakai-routes.ts';
import {
  SANDBOX_ELCARD_CLIENT,
  SANDBOX_ELCARD_PATH,
  sandboxKeyFile,
} from '../infrastructure/provider-sandbox/start-sandbox.ts';
import type { Config } from './config.ts';

/** The keys of this node. None of them is ever in the database. */
export type Secrets = {
  readonly accessTokenKeys: TokenKeys;
  readonly admissionKey: SigningKey;
  /** Keys whose admission codes are still good, the one that signs among them. */
  readonly admissionKeys: readonly VerifyingKey[];
  readonly masterKey: Buffer;
  /** Signs what this node tells other nodes; null where headquarters has none, and no park can have a node then. */
  readonly nodeKey: SigningKey | null;
};

export const keysFolder = (config: Config): string => join(config.dataDir, 'keys');

/** Where the key of this node lies. */
export const nodeKeyFile = (config: Config): string => config.nodeKeyFile ?? join(keysFolder(config), 'node.pem');

/** The key that signs what this node tells others, as its file holds it now; null where there is none. */
export async function loadNodeKey(config: Config): Promise<SigningKey | null> {
  const file = nodeKeyFile(config);
  if (config.nodeKeyFile !== null) return signingKeyFrom(await readFile(file), file);
  return config.mode === 'demo' ? ensureSigningKey(file) : null;
}

/** The file of the key that signs access tokens; those of before lie beside it. */
export const tokenKeyFile = (config: Config): string =>
  config.jwtPrivateKeyFile ?? join(keysFolder(config), 'access-token.pem');

/** The key that signs access tokens, and all others of which tokens are good, as their files hold them now. */
async function readTokenKeys(config: Config): Promise<TokenKeySet> {
  const file = tokenKeyFile(config);
  const pem = config.jwtPrivateKeyFile === null ? await ensureSigningKeyFile(file) : await readFile(file);
  const signing = await tokenKeyFrom(pem, file);
  const others: VerifyingTokenKey[] = [];
  const faults: unknown[] = [];
  async function add(other: string, isOld: boolean): Promise<void> {
    try {
      // Tokens end long before that: it is not to be trusted for being forgotten there.
      if (isOld && (await keyFileAgeMs(other)) > TOKEN_OVERLAP_MS) return;
      others.push(await verifyingTokenKeyFrom(await readFile(other), other));
    } catch (error) {
      // One that was retired just now is gone.
      if (!isOld || systemCode(error) !== 'ENOENT') faults.push(error);
    }
  }
  for (const other of config.jwtOtherKeyFiles) await add(other, false);
  for (const old of await oldKeyFilesOf(file)) await add(old, true);
  return { signing, others, faults };
}

/** How long tokens of a key are good after it was replaced, in ms: longer than any of them lives. */
export const TOKEN_OVERLAP_MS = 3_600_000;

/** Keys from the configured files; in demo mode, from `keys` in the data directory, made at the first start. */
export async function loadSecrets(config: Config, clock: Clock = systemClock): Promise<Secrets> {
  const folder = keysFolder(config);
  const signing = async (file: string | null, name: string): Promise<SigningKey> =>
    file === null ? ensureSigningKey(join(folder, name)) : signingKeyFrom(await readFile(file), file);
  const { masterKeyFile } = config;
  const admissionKey = await signing(config.admissionKeyFile, 'admission.pem');
  return {
    accessTokenKeys: await openTokenKeys(() => readTokenKeys(config), clock),
    admissionKey,
    admissionKeys: distinctKeys([admissionKey, ...(await oldAdmissionKeys(config, folder))]),
    masterKey:
      masterKeyFile === null
        ? await ensureMasterKey(join(folder, 'master.key'))
        : masterKeyFrom(await readFile(masterKeyFile), masterKeyFile),
    nodeKey: await loadNodeKey(config),
  };
}

/** Old keys of the configured files, and those that `keys rotate` left in the folder of the keys. */
async function oldAdmissionKeys(config: Config, folder: string): Promise<readonly VerifyingKey[]> {
  const files = config.admissionOldKeyFiles.map(async (file) => verifyingKeyFrom(await readFile(file), file));
  return [
    ...(await Promise.all(files)),
    ...(config.admissionKeyFile === null ? await oldKeysOf(join(folder, 'admission.pem')) : []),
  ];
}

const derivedKey = ({ masterKey }: Secrets, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', masterKey, '', `skypark ${purpose}`, 32));

/** Signs the cursors of lists, alike in all processes with the same master key. */
export const cursorKeyOf = (secrets: Secrets): Uint8Array => derivedKey(secrets, 'cursors of lists');

/** Proves sessions and challenges of nodes to every process of headquarters. */
export const syncKeyOf = (secrets: Secrets): Uint8Array => derivedKey(secrets, 'sessions of nodes');

/** Proves places in the feed of headquarters, alike in all its processes, whatever becomes of its database and of its node key. */
export const placeKeyOf = (secrets: Secrets): Uint8Array => derivedKey(secrets, 'places in the feed');

/** Hides whose counts are in Redis. */
export const limiterKeyOf = (secrets: Secrets): Uint8Array => derivedKey(secrets, 'keys of limits');

/** Signs what we publish, so that our readers believe nobody else who can write to the broker. */
export const messageKeyOf = (secrets: Secrets): Uint8Array => derivedKey(secrets, 'messages of the broker');

export const sandboxDir = (config: Config): string => join(config.dataDir, 'provider-sandbox');

/** Our key pair at the provider; the sandbox checks our signatures with its public half. */
export const merchantKeys = (config: Config) => ensureKeyPair(join(config.dataDir, 'keys', 'elqr-merchant.pem'));

const sandboxUrl = ({ sandboxPort }: Config): string => `http://127.0.0.1:${sandboxPort}`;

/** What the ELQR provider is reached with by wire profile finik-v1; the provider sandbox's in demo mode. */
export async function loadFinikAccess(config: Config) {
  const { baseUrl, apiKey, accountId, signingKeyFile } = config.elqr;
  return {
    baseUrl: baseUrl ?? sandboxUrl(config),
    apiKey: apiKey ?? 'sandbox',
    accountId: accountId ?? 'sky-park-demo',
    signingKeyPem:
      signingKeyFile === null ? (await merchantKeys(config)).privateKeyPem : await readFile(signingKeyFile, 'utf8'),
    webhookPublicKeyPems: await webhookPublicKeys(config),
  };
}

/** The same by wire profile bakai-v1. In demo mode the token is fetched from the sandbox once and kept with the keys. */
export function bakaiAccess(config: Config, http: HttpFetch) {
  const { baseUrl: givenUrl, apiKey, accountId, orderForm, webhookSecret, webhookSenders: senders } = config.elqr;
  const baseUrl = givenUrl ?? `${sandboxUrl(config)}${SANDBOX_BAKAI_PATH}`;
  const { login, password } = SANDBOX_BAKAI;
  const file = join(keysFolder(config), 'elqr-bearer');
  const bearer: Bearer =
    apiKey === null
      ? createKeptBearer({ file, baseUrl, login, password, http })
      : { current: () => Promise.resolve(apiKey) };
  return {
    baseUrl,
    bearer,
    accountNo: accountId ?? SANDBOX_BAKAI.accountNo,
    secret: webhookSecret ?? SANDBOX_BAKAI.webhookSecret,
    senders,
    orderForm,
  };
}

/** The key that the provider signs its messages with, and those that are good beside it while it changes its key. */
async function webhookPublicKeys(config: Config): Promise<readonly string[]> {
  const { webhookPublicKeyFile, webhookOtherKeyFiles } = config.elqr;
  const key =
    webhookPublicKeyFile === null
      ? (await ensureKeyPair(sandboxKeyFile(sandboxDir(config)))).publicKeyPem
      : await readFile(webhookPublicKeyFile, 'utf8');
  return [key, ...(await Promise.all(webhookOtherKeyFiles.map((file) => readFile(file, 'utf8'))))];
}

/** What the ElCard provider is reached with, the provider sandbox's in demo mode; null where the method is not offered. */
export function elcardAccess(config: Config) {
  const { elcard, mode } = config;
  const sandbox = { baseUrl: `${sandboxUrl(config)}${SANDBOX_ELCARD_PATH}`, ...SANDBOX_ELCARD_CLIENT };
  const access = {
    authMode: elcard.authMode,
    statuses: { ...COMMON_STATUSES, ...elcard.statuses },
    baseUrl: elcard.baseUrl ?? sandbox.baseUrl,
    clientId: elcard.clientId ?? sandbox.clientId,
    clientSecret: elcard.clientSecret ?? sandbox.clientSecret,
  };
  return mode === 'demo' || elcard.baseUrl !== null ? access : null;
}

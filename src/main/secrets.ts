import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ensureMasterKey,
  ensureSigningKey,
  masterKeyFrom,
  signingKeyFrom,
  type SigningKey,
} from '../infrastructure/keys/key-files.ts';
import { ensureKeyPair } from '../infrastructure/payment-providers/key-pair.ts';
import { sandboxKeyFile } from '../infrastructure/provider-sandbox/start-sandbox.ts';
import type { Config } from './config.ts';

/** The keys of this node. None of them is ever in the database. */
export type Secrets = {
  readonly accessTokenKey: SigningKey;
  readonly admissionKey: SigningKey;
  readonly masterKey: Buffer;
};

/** Keys from the configured files; in demo mode, from `keys` in the data directory, made at the first start. */
export async function loadSecrets(config: Config): Promise<Secrets> {
  const folder = join(config.dataDir, 'keys');
  const signing = async (file: string | null, name: string): Promise<SigningKey> =>
    file === null ? ensureSigningKey(join(folder, name)) : signingKeyFrom(await readFile(file), file);
  const { masterKeyFile } = config;
  return {
    accessTokenKey: await signing(config.jwtPrivateKeyFile, 'access-token.pem'),
    admissionKey: await signing(config.admissionKeyFile, 'admission.pem'),
    masterKey:
      masterKeyFile === null
        ? await ensureMasterKey(join(folder, 'master.key'))
        : masterKeyFrom(await readFile(masterKeyFile), masterKeyFile),
  };
}

/** What the ELQR provider is reached with; the provider sandbox's in demo mode. */
export type ElqrAccess = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly accountId: string;
  readonly signingKeyPem: string;
  readonly webhookPublicKeyPem: string;
};

export const sandboxDir = (config: Config): string => join(config.dataDir, 'provider-sandbox');

/** Our key pair at the provider; the sandbox checks our signatures with its public half. */
export const merchantKeys = (config: Config) => ensureKeyPair(join(config.dataDir, 'keys', 'elqr-merchant.pem'));

export async function loadElqrAccess(config: Config): Promise<ElqrAccess> {
  const { baseUrl, apiKey, accountId, signingKeyFile, webhookPublicKeyFile } = config.elqr;
  const sandboxKeys = webhookPublicKeyFile === null ? await ensureKeyPair(sandboxKeyFile(sandboxDir(config))) : null;
  return {
    baseUrl: baseUrl ?? `http://127.0.0.1:${config.sandboxPort}`,
    apiKey: apiKey ?? 'sandbox',
    accountId: accountId ?? 'sky-park-demo',
    signingKeyPem:
      signingKeyFile === null ? (await merchantKeys(config)).privateKeyPem : await readFile(signingKeyFile, 'utf8'),
    webhookPublicKeyPem:
      webhookPublicKeyFile === null ? (sandboxKeys?.publicKeyPem ?? '') : await readFile(webhookPublicKeyFile, 'utf8'),
  };
}

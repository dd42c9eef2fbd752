import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { syncFolder } from '../payment-providers/sync-folder.ts';
import { shortKeyId } from './ed25519-signer.ts';
import { assert } from '../../kernel/assert.ts';
import { ensureSigningKeyFile, type SigningKey } from './key-files.ts';
import { replaceFile } from './replace-file.ts';
import { systemCode } from '../system-code.ts';

/** The public half of a key that signed once; what it signed is good until the key is retired. */
export type VerifyingKey = Pick<SigningKey, 'kid' | 'publicKey' | 'publicJwk'>;

/** Reads an Ed25519 key in PEM, public or private, of which the public half counts. @throws when it is another kind. */
export async function verifyingKeyFrom(pem: Buffer, file: string): Promise<VerifyingKey> {
  const publicKey = publicKeyOf(pem);
  if (publicKey?.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key in PEM`);
  const publicJwk: JWK = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, publicKey, publicJwk: { ...publicJwk, kid, alg: 'EdDSA' } };
}

/** Null when it is none. */
export function publicKeyOf(pem: Buffer): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

/** Beside the key of a file, `admission.pem`, the public halves of those before it, named by their short ids. */
function ringOf(file: string): {
  readonly folder: string;
  readonly old: (keyId: string) => string;
  readonly isOld: RegExp;
} {
  const { dir: folder, name } = parse(file);
  return {
    folder,
    old: (keyId) => join(folder, `${name}-old-${keyId}.pem`),
    isOld: new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}-old-[0-9a-f]{8}\\.pem$`),
  };
}

/** Files of keys that signed once and still verify, of the key of that file. */
export async function oldKeyFilesOf(file: string): Promise<readonly string[]> {
  const { folder, isOld } = ringOf(file);
  const files = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return files
    .filter((found) => isOld.test(found))
    .toSorted()
    .map((found) => join(folder, found));
}

/** How long ago a key file was written, in ms, by the clock of the machine, which says so in the file. */
export const keyFileAgeMs = async (file: string): Promise<number> => Date.now() - (await stat(file)).mtimeMs;

/** The keys that sign no more and still verify. */
export const oldKeysOf = async (file: string): Promise<readonly VerifyingKey[]> =>
  Promise.all((await oldKeyFilesOf(file)).map(async (old) => verifyingKeyFrom(await readFile(old), old)));

/** The keys that verify, each once: one that was made public before it stopped signing is there twice. */
export const distinctKeys = (keys: readonly VerifyingKey[]): readonly VerifyingKey[] => [
  ...new Map(keys.map((key) => [key.kid, key])).values(),
];

/** What people name a key by: eight hexadecimal digits. */
const ringIdOf = (publicKey: KeyObject): string =>
  publicKey.asymmetricKeyType === 'ed25519'
    ? shortKeyId(publicKey)
    : createHash('sha256')
        .update(publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex')
        .slice(0, 8);

/** Another key of the same kind and length. */
const anotherLike = (key: KeyObject): KeyObject =>
  key.asymmetricKeyType === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: key.asymmetricKeyDetails?.modulusLength ?? 3072 }).privateKey
    : generateKeyPairSync('ed25519').privateKey;

/** A crash leaves a lock behind, which counts no longer than this. */
const LOCKED_MS = 60_000;

/** Two at once could each keep the same old key, and one of the two new ones would be lost. @throws when the other is at it */
async function lock(file: string): Promise<() => Promise<void>> {
  const [held, mine] = [`${file}.lock`, randomUUID()];
  const ageMs = await keyFileAgeMs(held).catch(() => 0);
  // Of several that find it too old one takes it away.
  if (ageMs > LOCKED_MS) {
    await rename(held, `${held}.${mine}`).catch(() => undefined);
    await rm(`${held}.${mine}`, { force: true });
  }
  await writeFile(held, mine, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    throw systemCode(error) === 'EEXIST' ? new Error(`the key of ${file} is being replaced by somebody else`) : error;
  });
  return async () => {
    const owner = await readFile(held, 'utf8').catch(() => '');
    if (owner === mine) await rm(held, { force: true });
  };
}

export type Rotated = { readonly oldKeyId: string; readonly newKeyId: string };

/**
 * Puts a new key in the place of the one that signs, of which only the public half is kept. At every moment in between, a
 * power loss included, the folder has a key that signs, and every key that ever signed still verifies. Both files belong to whom the
 * file of the key belongs, whoever does this.
 *
 * @param file of the key that signs; where there is none yet, one is made and replaced
 * @returns the short ids of both
 * @throws when somebody else is replacing it
 */
export async function rotateKey(file: string): Promise<Rotated> {
  const rotated = await rotateKeyIf(file, async () => true);
  assert(rotated !== null, 'a key is replaced where nothing is asked before');
  return rotated;
}

/** The same where it is still to be done when nobody else is at it. @returns null where it is not */
export async function rotateKeyIf(file: string, isDue: () => Promise<boolean>): Promise<Rotated | null> {
  await ensureSigningKeyFile(file);
  const unlock = await lock(file);
  try {
    return (await isDue()) ? await replaceKey(file) : null;
  } finally {
    await unlock();
  }
}

async function replaceKey(file: string): Promise<Rotated> {
  const current = createPrivateKey(await readFile(file));
  const publicKey = createPublicKey(current);
  const oldKeyId = ringIdOf(publicKey);
  await replaceFile(ringOf(file).old(oldKeyId), String(publicKey.export({ type: 'spki', format: 'pem' })), file);
  const made = anotherLike(current);
  await replaceFile(file, String(made.export({ type: 'pkcs8', format: 'pem' })), file);
  return { oldKeyId, newKeyId: ringIdOf(createPublicKey(made)) };
}

/** Nothing that this key signed is good any more. False when there is no old key of that id beside the file. */
export async function retireKey(file: string, keyId: string): Promise<boolean> {
  const { folder, old } = ringOf(file);
  const isThere = (await oldKeyFilesOf(file)).includes(old(keyId));
  if (isThere) {
    await rm(old(keyId));
    await syncFolder(folder);
  }
  return isThere;
}

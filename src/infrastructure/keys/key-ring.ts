import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { syncFolder } from '../payment-providers/sync-folder.ts';
import { shortKeyId } from './ed25519-signer.ts';
import { ensureSigningKey, type SigningKey } from './key-files.ts';

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

function publicKeyOf(pem: Buffer): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

/** In the folder of `admission.pem`: the public halves of the keys before it, named by their short ids. */
const oldKeyFile = (folder: string, name: string, keyId: string): string => join(folder, `${name}-old-${keyId}.pem`);
const OLD_KEY = /^([a-z-]+)-old-([0-9a-f]{8})\.pem$/;

/** Keys of a folder that sign no more and still verify. */
export async function oldKeysIn(folder: string, name: string): Promise<readonly VerifyingKey[]> {
  const files = await readdir(folder).catch(() => []);
  const old = files.filter((file) => OLD_KEY.exec(file)?.[1] === name).toSorted();
  return Promise.all(old.map(async (file) => verifyingKeyFrom(await readFile(join(folder, file)), file)));
}

/** The keys that verify, each once: one that was made public before it stopped signing is there twice. */
export const distinctKeys = (keys: readonly VerifyingKey[]): readonly VerifyingKey[] => [
  ...new Map(keys.map((key) => [key.kid, key])).values(),
];

/**
 * Puts a new key in the place of the one that signs, of which only the public half is kept. At every moment in between, a
 * power loss included, the folder has a key that signs, and every key that ever signed still verifies.
 * @returns the short ids of both
 */
export async function rotateKey(
  folder: string,
  name: string,
): Promise<{ readonly oldKeyId: string; readonly newKeyId: string }> {
  const file = join(folder, `${name}.pem`);
  const { publicKey } = await ensureSigningKey(file);
  const oldKeyId = shortKeyId(publicKey);
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(oldKeyFile(folder, name, oldKeyId), publicPem, { mode: 0o600, flush: true });
  await syncFolder(folder);
  const made = generateKeyPairSync('ed25519');
  const draft = `${file}.next`;
  await writeFile(draft, made.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  await rename(draft, file);
  await syncFolder(folder);
  return { oldKeyId, newKeyId: shortKeyId(made.publicKey) };
}

/** Nothing that this key signed is good any more. False when the folder has no old key of that id. */
export async function retireKey(folder: string, name: string, keyId: string): Promise<boolean> {
  const file = oldKeyFile(folder, name, keyId);
  const isThere = (await readdir(folder).catch(() => [])).some((found) => join(folder, found) === file);
  if (isThere) {
    await rm(file);
    await syncFolder(folder);
  }
  return isThere;
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { syncFolder } from '../payment-providers/sync-folder.ts';
import { recentlyUsed } from '../recently-used.ts';
import { systemCode } from '../system-code.ts';

/** An Ed25519 key pair for signatures; `kid` is the RFC 7638 thumbprint of the public key. */
export type SigningKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: JWK;
};

/** The content; null when there is no such file. A secret file that others may read is as good as published. */
async function readSecret(file: string): Promise<Buffer | null> {
  try {
    const { mode } = await stat(file);
    const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0;
    if (!isPrivate) throw new Error(`${file} can be read by others; make it private with: chmod 600 ${file}`);
    return await readFile(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The content of a secret file, made by `make` when it is missing. Two processes that start at once end with one content,
 * and once it is answered it survives a power loss: what is sealed with it is worth as much as the file.
 */
export async function ensureSecretFile(file: string, make: () => Buffer): Promise<Buffer> {
  const found = await readSecret(file);
  if (found !== null) return found;
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, make(), { mode: 0o600, flush: true });
    // link fails when the file appeared meanwhile, so the first writer wins and nobody reads half a file.
    await link(draft, file).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
  const kept = await readSecret(file);
  if (kept === null) throw new Error(`${file} vanished while it was made`);
  return kept;
}

/** By their text. A node reads its keys again and again, to hear of new ones. */
const parsed = recentlyUsed<SigningKey>(50);

/** Reads an Ed25519 private key in PKCS #8 PEM. @throws when the file holds another kind of key. */
export async function signingKeyFrom(pem: Buffer, file: string): Promise<SigningKey> {
  const text = pem.toString('latin1');
  const key = parsed.get(text) ?? (await parse(pem, file));
  parsed.set(text, key);
  return key;
}

async function parse(pem: Buffer, file: string): Promise<SigningKey> {
  const privateKey = privateKeyOf(pem);
  if (privateKey?.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 private key in PEM`);
  const publicKey = createPublicKey(privateKey);
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, privateKey, publicKey, publicJwk: { ...publicJwk, kid, alg: 'EdDSA' } };
}

/** Null when it is none: what OpenSSL says about it names neither the file nor the reason. */
export function privateKeyOf(pem: Buffer): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/** The text of a key file, with an Ed25519 key made at first use, with mode 0600. */
export const ensureSigningKeyFile = (file: string): Promise<Buffer> =>
  ensureSecretFile(file, () =>
    Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  );

/** The Ed25519 key of a file, made at first use with mode 0600. */
export const ensureSigningKey = async (file: string): Promise<SigningKey> =>
  signingKeyFrom(await ensureSigningKeyFile(file), file);

/** The 32 random bytes of a master key file (stored as base64), made at first use with mode 0600. */
export async function ensureMasterKey(file: string): Promise<Buffer> {
  const text = await ensureSecretFile(file, () => Buffer.from(`${randomBytes(32).toString('base64')}\n`));
  return masterKeyFrom(text, file);
}

/** 32 bytes are 43 characters and one of padding. Decoding alone would pass over whatever is no base64. */
const MASTER_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** @throws when the text is not 32 bytes of base64. */
export function masterKeyFrom(text: Buffer, file: string): Buffer {
  const encoded = text.toString('latin1').trim();
  if (!MASTER_KEY.test(encoded)) throw new Error(`${file} must hold 32 bytes of base64`);
  return Buffer.from(encoded, 'base64');
}

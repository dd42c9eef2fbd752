import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

/** An Ed25519 key pair for signatures; `kid` is the RFC 7638 thumbprint of the public key. */
export type SigningKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: JWK;
};

/** A secret file that others may read is as good as published. */
async function readSecret(file: string): Promise<Buffer | null> {
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new Error(`${file} can be read by others; make it private with: chmod 600 ${file}`);
  }
  return readFile(file);
}

/** The content of a secret file, made by `make` when it is missing. Two processes that start at once end with one content. */
export async function ensureSecretFile(file: string, make: () => Buffer): Promise<Buffer> {
  const found = await readSecret(file);
  if (found !== null) return found;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, make(), { mode: 0o600, flush: true });
  // link fails when the file appeared meanwhile, so the first writer wins and nobody reads half a file.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  const kept = await readSecret(file);
  if (kept === null) throw new Error(`${file} vanished while it was made`);
  return kept;
}

/** Reads an Ed25519 private key in PKCS #8 PEM. @throws when the file holds another kind of key. */
export async function signingKeyFrom(pem: Buffer, file: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key`);
  const publicKey = createPublicKey(privateKey);
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, privateKey, publicKey, publicJwk: { ...publicJwk, kid, alg: 'EdDSA' } };
}

/** The Ed25519 key of a file, made at first use with mode 0600. */
export async function ensureSigningKey(file: string): Promise<SigningKey> {
  const pem = await ensureSecretFile(file, () =>
    Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  );
  return signingKeyFrom(pem, file);
}

/** The 32 random bytes of a master key file (stored as base64), made at first use with mode 0600. */
export async function ensureMasterKey(file: string): Promise<Buffer> {
  const text = await ensureSecretFile(file, () => Buffer.from(`${randomBytes(32).toString('base64')}\n`));
  return masterKeyFrom(text, file);
}

/** @throws when the text is not 32 bytes of base64. */
export function masterKeyFrom(text: Buffer, file: string): Buffer {
  const key = Buffer.from(text.toString('ascii').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${file} must hold 32 bytes of base64`);
  return key;
}

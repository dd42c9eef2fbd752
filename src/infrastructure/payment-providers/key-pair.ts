import { createPublicKey, generateKeyPair, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { syncFolder } from './sync-folder.ts';
import { systemCode } from '../system-code.ts';

/** Keys as PEM: PKCS #8 and SubjectPublicKeyInfo. */
export type KeyPair = { readonly privateKeyPem: string; readonly publicKeyPem: string };

/**
 * The RSA key pair whose private half is in `file` (mode 0600, in a folder of mode 0700); made at the first call. Safe
 * when several processes call it at once: the file appears whole, and the first one wins.
 */
export async function ensureKeyPair(file: string): Promise<KeyPair> {
  let privateKeyPem = await readIfThere(file);
  if (privateKeyPem === null) {
    await publishOnce(file, await makePrivateKey());
    privateKeyPem = await readFile(file, 'utf8');
  }
  const publicKeyPem = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKeyPem, publicKeyPem };
}

async function makePrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A hard link, unlike a rename, never replaces a file that another process put there first. */
export async function publishOnce(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeDurably(draft, text);
    await link(draft, file).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

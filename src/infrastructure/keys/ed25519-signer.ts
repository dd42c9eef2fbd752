import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { assert } from '../../kernel/assert.ts';
import type { CodeSigner } from '../../modules/admission/contract.ts';
import { recentlyUsed } from '../recently-used.ts';

const RAW_KEY_BYTES = 32;

/** Of nodes and gate devices. Parsing a key costs more than checking a signature with it. */
const MOST_PARSED = 1000;
const parsed = recentlyUsed<KeyObject>(MOST_PARSED);

/**
 * @param x the 32 bytes of an Ed25519 public key, as base64url
 * @throws when they are none
 */
export function publicKeyOf(x: string): KeyObject {
  const key = parsed.get(x) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  parsed.set(x, key);
  return key;
}

/** First four bytes of the SHA-256 of an Ed25519 public key's 32 bytes, in hexadecimal. */
export function shortKeyId(publicKey: KeyObject): string {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const raw = Buffer.from(x, 'base64url');
  assert(publicKey.asymmetricKeyType === 'ed25519' && raw.length === RAW_KEY_BYTES, 'not an Ed25519 public key');
  return createHash('sha256').update(raw).digest('hex').slice(0, 8);
}

/** What a gate checks codes with: the key by its short id, and its 32 bytes as base64url. */
export const gateKeyOf = (publicKey: KeyObject): { readonly keyId: string; readonly x: string } => ({
  keyId: shortKeyId(publicKey),
  x: publicKey.export({ format: 'jwk' }).x ?? '',
});

type KeyPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** Signs with a key that was parsed once: parsing it each time would double the cost. */
export const createEd25519Signer = ({ privateKey, publicKey }: KeyPair): CodeSigner => ({
  keyId: shortKeyId(publicKey),
  sign: (bytes) => sign(null, bytes, privateKey),
});

/**
 * Accepts the signatures of these keys. Verifying takes three times as long as signing, so it is done on the thread pool.
 * @throws when two keys share their short id, since a code names its key by nothing else.
 */
export function createEd25519Verifier(publicKeys: readonly KeyObject[]) {
  const byId = new Map(publicKeys.map((key) => [shortKeyId(key), key]));
  assert(byId.size === publicKeys.length, 'two admission keys share their short id');
  return {
    verify(keyId: string, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
      const key = byId.get(keyId);
      return key === undefined ? Promise.resolve(false) : isSignedBy(key, bytes, signature);
    },
  };
}

const isSignedBy = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  new Promise((resolve, reject) => {
    verify(null, bytes, key, signature, (error, isValid) => {
      if (error) reject(error);
      else resolve(isValid);
    });
  });

/**
 * Whether a key has signed something.
 * @param x the 32 bytes of the Ed25519 key, as base64url, as is the signature
 */
export async function verifyEd25519(x: string, bytes: Uint8Array, signature: string): Promise<boolean> {
  return isSignedBy(publicKeyOf(x), bytes, Buffer.from(signature, 'base64url'));
}

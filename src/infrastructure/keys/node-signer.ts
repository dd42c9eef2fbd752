import { sign, verify, type KeyObject } from 'node:crypto';
import { gateKeyOf, publicKeyOf } from './ed25519-signer.ts';

/** Signs what this node says to others. */
export type NodeSigner = {
  readonly keyId: string;
  /** The 32 bytes of the public key, as base64url. */
  readonly publicKey: string;
  /** @returns the signature as base64url. */
  sign(bytes: Uint8Array): Promise<string>;
};

export function createNodeSigner({
  privateKey,
  publicKey,
}: {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}): NodeSigner {
  const { keyId, x } = gateKeyOf(publicKey);
  return {
    keyId,
    publicKey: x,
    sign: (bytes) =>
      new Promise((resolve, reject) => {
        sign(null, bytes, privateKey, (error, signature) => {
          if (error) reject(error);
          else resolve(signature.toString('base64url'));
        });
      }),
  };
}

const RAW_KEY = /^[A-Za-z0-9_-]{43}$/;

/** Whether a signature (base64url) is of the key with these 32 bytes (base64url). Never throws for bad input. */
export async function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): Promise<boolean> {
  if (!RAW_KEY.test(publicKey)) return false;
  try {
    const key = publicKeyOf(publicKey);
    return await new Promise((resolve, reject) => {
      verify(null, bytes, key, Buffer.from(signature, 'base64url'), (error, isValid) => {
        if (error) reject(error);
        else resolve(isValid);
      });
    });
  } catch {
    return false;
  }
}

/** The short id of a public key given by its 32 bytes as base64url; null when they are none. */
export function keyIdOf(publicKey: string): string | null {
  if (!RAW_KEY.test(publicKey)) return null;
  try {
    return gateKeyOf(publicKeyOf(publicKey)).keyId;
  } catch {
    return null;
  }
}

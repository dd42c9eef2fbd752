import { fromBase64url, toBase64url } from '../../src/modules/admission/domain/base64url.ts';
import type { Digest } from '../../src/modules/admission/domain/device-log.ts';

const { subtle } = crypto;

/** A view on bytes of its own: WebCrypto takes no shared memory. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

export const sha256: Digest = async (bytes) => new Uint8Array(await subtle.digest('SHA-256', own(bytes)));

/** A device's key, ready to sign. The private half cannot be taken out of where it was made. */
export type DeviceKey = {
  /** The 32 bytes of the public half, as base64url: what the node is told at enrolment. */
  readonly publicKey: string;
  /** An Ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/** Both halves as the browser holds them. It can be kept in IndexedDB, where no script reads the private one either. */
export async function makeKeyPair() {
  const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('this browser makes no Ed25519 keys');
  return pair;
}

export type KeyPair = Awaited<ReturnType<typeof makeKeyPair>>;

export async function deviceKeyOf({ publicKey, privateKey }: KeyPair): Promise<DeviceKey> {
  return {
    publicKey: toBase64url(new Uint8Array(await subtle.exportKey('raw', publicKey))),
    sign: async (bytes) => new Uint8Array(await subtle.sign('Ed25519', privateKey, own(bytes))),
  };
}

export const makeDeviceKey = async (): Promise<DeviceKey> => deviceKeyOf(await makeKeyPair());

/**
 * Whether a key of the node signed something.
 * @param x the 32 bytes of the key, as base64url
 */
export async function isSignedBy(x: string, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const raw = fromBase64url(x);
  if (raw?.length !== 32) return false;
  const key = await subtle.importKey('raw', own(raw), 'Ed25519', false, ['verify']);
  return subtle.verify('Ed25519', key, own(signature), own(bytes));
}

import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { Clock } from '../../kernel/time.ts';
import { privateKeyOf } from './key-files.ts';
import { publicKeyOf } from './key-ring.ts';

/** How a key of access tokens signs; the kind of the key says it, never a token. */
export type TokenAlgorithm = 'EdDSA' | 'RS256';

/** `kid` is the RFC 7638 thumbprint of the public key. */
export type VerifyingTokenKey = {
  readonly kid: string;
  readonly algorithm: TokenAlgorithm;
  readonly publicKey: KeyObject;
  readonly publicJwk: JWK;
};
export type SigningTokenKey = VerifyingTokenKey & { readonly privateKey: KeyObject };

/** One signs; what the others sign, or signed, is good, too. Of those that could not be read it says why. */
export type TokenKeySet = {
  readonly signing: SigningTokenKey;
  readonly others: readonly VerifyingTokenKey[];
  readonly faults: readonly unknown[];
};

/** The keys of access tokens, for whoever signs and checks them. */
export type TokenKeys = {
  /** Signs from now on. */
  signing(): SigningTokenKey;
  /** Whether tokens of that key are good, as far as is known without looking anew. */
  isGood(kid: string): boolean;
  /** The key of that id, when its tokens are good. What is not known is looked for, once a second at most. Never throws. */
  find(kid: string): Promise<VerifyingTokenKey | null>;
  /** Whether tokens of that key were good once, as long as this process runs: whoever shows one has forged nothing. */
  wasGood(kid: string): boolean;
  /** The one that signs first. */
  all(): readonly VerifyingTokenKey[];
  /**
   * Looks now. @throws where the key that signs cannot be read, and all that are known stay; and where another one cannot, which is good no
   * more then
   */
  look(): Promise<void>;
};

/** Anybody may name a key in a token, and none of them shall keep us busy reading files. */
const LOOK_AGAIN_MS = 1_000;

/** Shorter ones are refused by every list since 2013 (NIST SP 800-57). */
const RSA_BITS = 2048;

function algorithmOf(key: KeyObject, file: string): TokenAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  const isLong = (key.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS;
  if (key.asymmetricKeyType === 'rsa' && isLong) return 'RS256';
  throw new Error(`${file} holds neither an Ed25519 key nor an RSA key of ${RSA_BITS} bits or more`);
}

async function described(publicKey: KeyObject, file: string): Promise<VerifyingTokenKey> {
  const algorithm = algorithmOf(publicKey, file);
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, algorithm, publicKey, publicJwk: { ...publicJwk, kid, alg: algorithm } };
}

/** Reads a private key in PKCS #8 PEM, Ed25519 or RSA. @throws when it is another kind, or too short. */
export async function tokenKeyFrom(pem: Buffer, file: string): Promise<SigningTokenKey> {
  const privateKey = privateKeyOf(pem);
  if (privateKey === null) throw new Error(`${file} holds no private key in PEM`);
  return { ...(await described(createPublicKey(privateKey), file)), privateKey };
}

/** Reads such a key, public or private, of which the public half counts. @throws as that does */
export async function verifyingTokenKeyFrom(pem: Buffer, file: string): Promise<VerifyingTokenKey> {
  const publicKey = publicKeyOf(pem);
  if (publicKey === null) throw new Error(`${file} holds no key in PEM`);
  return described(publicKey, file);
}

/** One key that never changes. */
export const fixedTokenKeys = (signing: SigningTokenKey): TokenKeys => ({
  signing: () => signing,
  isGood: (kid) => kid === signing.kid,
  wasGood: (kid) => kid === signing.kid,
  find: async (kid) => (kid === signing.kid ? signing : null),
  all: () => [signing],
  look: async () => undefined,
});

/**
 * @param read asked at the beginning, and again for keys that are not known
 * @throws at the beginning where any key cannot be read
 */
export async function openTokenKeys(read: () => Promise<TokenKeySet>, clock: Clock): Promise<TokenKeys> {
  let signing: SigningTokenKey;
  let known: ReadonlyMap<string, VerifyingTokenKey>;
  let lookedAtMs: number;
  const once = new Set<string>();
  let looking: Promise<void> | null = null;
  async function take(): Promise<void> {
    lookedAtMs = clock.now();
    const found = await read();
    signing = found.signing;
    known = new Map([found.signing, ...found.others].map((key) => [key.kid, key]));
    for (const kid of known.keys()) once.add(kid);
    if (found.faults.length > 0) throw found.faults[0];
  }
  const look = (): Promise<void> =>
    (looking ??= take().finally(() => {
      looking = null;
    }));
  await look();
  return {
    signing: () => signing,
    isGood: (kid) => known.has(kid),
    wasGood: (kid) => once.has(kid),
    async find(kid) {
      const isDue = looking !== null || Math.abs(clock.now() - lookedAtMs) >= LOOK_AGAIN_MS;
      // Whoever looks regularly tells why that failed.
      if (!known.has(kid) && isDue) await look().catch(() => undefined);
      return known.get(kid) ?? null;
    },
    all: () => [...known.values()],
    look,
  };
}

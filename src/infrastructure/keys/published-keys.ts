import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Clock } from '../../kernel/time.ts';
import type { CodeVerifier } from '../../modules/admission/contract.ts';
import type { PublishedKey } from '../../modules/nodes/contract.ts';

/** How long a key that was published may stay unheard of where another one of its id is known. */
const KNOWN_FOR_MS = 60_000;
/** How often a key that nobody knows makes us look again: codes of strangers must not cost a question each. */
const UNKNOWN_FOR_MS = 1_000;

type Dependencies = {
  /** Of this node's own keys, which are good before anybody published them. */
  readonly own: CodeVerifier;
  readonly published: () => Promise<readonly PublishedKey[]>;
  readonly clock: Clock;
};

type Known = { readonly key: KeyObject; readonly parkId: string | null };

const keyOf = ({ x }: PublishedKey): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });

const isGood = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  new Promise((resolve, reject) => {
    verify(null, bytes, key, signature, (error, isValid) => (error ? reject(error) : resolve(isValid)));
  });

/**
 * Accepts what this node signs, and what other nodes sign with keys that headquarters has published: its own for every park, that of
 * a park's node for this park and no other. Two keys of one short id are both tried.
 */
export function createPublishedVerifier({ own, published, clock }: Dependencies): CodeVerifier {
  let known = new Map<string, Known[]>();
  let askedAtMs = -Infinity;
  // Whoever comes while the keys are being asked for waits for the same answer.
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    askedAtMs = clock.now();
    const fresh = new Map<string, Known[]>();
    for (const one of await published()) {
      fresh.set(one.keyId, [...(fresh.get(one.keyId) ?? []), { key: keyOf(one), parkId: one.parkId }]);
    }
    known = fresh;
  }

  return {
    async verify(keyId, bytes, signature, parkId) {
      if (await own.verify(keyId, bytes, signature, parkId)) return true;
      const ageMs = Math.abs(clock.now() - askedAtMs);
      if (ageMs >= (known.has(keyId) ? KNOWN_FOR_MS : UNKNOWN_FOR_MS)) {
        asking = ask().finally(() => {
          asking = null;
        });
        await asking;
      } else if (asking !== null && !known.has(keyId)) await asking;
      const good = (known.get(keyId) ?? []).filter((one) => one.parkId === null || one.parkId === parkId);
      for (const { key } of good) if (await isGood(key, bytes, signature)) return true;
      return false;
    },
  };
}

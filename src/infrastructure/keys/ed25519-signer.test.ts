import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createEd25519Signer, createEd25519Verifier, shortKeyId } from './ed25519-signer.ts';

const first = generateKeyPairSync('ed25519');
const second = generateKeyPairSync('ed25519');
const bytes = new TextEncoder().encode('some bytes');

test('the short key id is the beginning of the hash of the raw public key', () => {
  // The last 32 bytes of the SPKI form of an Ed25519 key are the key itself (RFC 8410).
  const raw = first.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  expect(shortKeyId(first.publicKey)).toBe(createHash('sha256').update(raw).digest('hex').slice(0, 8));
});

test('a signature is good under the key it names and no other', async () => {
  const signer = createEd25519Signer(first);
  const verifier = createEd25519Verifier([second.publicKey, first.publicKey]);
  const signature = signer.sign(bytes);
  expect(signature).toHaveLength(64);
  expect(await verifier.verify(signer.keyId, bytes, signature)).toBe(true);
  expect(await verifier.verify(shortKeyId(second.publicKey), bytes, signature)).toBe(false);
  expect(await verifier.verify(signer.keyId, bytes.subarray(1), signature)).toBe(false);
  expect(await verifier.verify(signer.keyId, bytes, signature.subarray(1))).toBe(false);
});

test('an unknown key is refused: codes of a key that was taken out are worth nothing', async () => {
  const signer = createEd25519Signer(first);
  const verifier = createEd25519Verifier([second.publicKey]);
  expect(await verifier.verify(signer.keyId, bytes, signer.sign(bytes))).toBe(false);
});

test('only Ed25519 keys are taken, each once', () => {
  expect(() => createEd25519Signer(generateKeyPairSync('x25519'))).toThrow();
  expect(() => createEd25519Verifier([first.publicKey, first.publicKey])).toThrow();
});

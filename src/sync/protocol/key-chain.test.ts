import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createNodeSigner, type NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { certifyNext, chainBetween, endOfChain, withCertificate, type Certificate } from './key-chain.ts';
import { MOST_CERTIFICATES } from './limits.ts';

const newSigner = (): NodeSigner => createNodeSigner(generateKeyPairSync('ed25519'));
const certify = (old: NodeSigner, next: NodeSigner, nodeId = 'hq'): Promise<Certificate> =>
  certifyNext({ nodeId, certifiedAtMs: 1_796_450_400_000 }, old, next);

const [first, second, third, never, thief] = Array.from({ length: 5 }, newSigner) as [
  NodeSigner,
  NodeSigner,
  NodeSigner,
  NodeSigner,
  NodeSigner,
];
const believing = ({ publicKey }: NodeSigner) => ({ nodeId: 'hq', publicKey });

test('a chain leads from any key before to the one in force, also beside one that never came into force', async () => {
  const certificates = [await certify(first, never), await certify(first, second), await certify(second, third)];
  const chain = chainBetween(certificates, first.publicKey, third.publicKey) ?? [];
  expect(chain).toEqual(certificates.slice(1));
  expect(await endOfChain(believing(first), chain)).toBe(third.publicKey);
  expect(chainBetween(certificates, second.publicKey, third.publicKey)).toEqual([certificates[2]]);
  expect(chainBetween(certificates, third.publicKey, third.publicKey)).toEqual([]);
});

test('none leads from a key that is not known, nor back to one that was replaced', async () => {
  const certificates = [await certify(first, second), await certify(second, third)];
  expect(chainBetween(certificates, thief.publicKey, third.publicKey)).toBeNull();
  expect(chainBetween(certificates, third.publicKey, first.publicKey)).toBeNull();
  // Certificates that go round end, too.
  const ring = [await certify(first, second), await certify(second, first)];
  expect(chainBetween(ring, third.publicKey, first.publicKey)).toBeNull();
});

test('a link that is not by the key before it breaks a chain', async () => {
  const [one, two] = [await certify(first, second), await certify(second, third)];
  const broken: readonly (readonly Certificate[])[] = [
    [two],
    [two, one],
    [one, one],
    [{ ...one, publicKey: thief.publicKey }],
    [{ ...one, signature: two.signature }],
    [{ ...(await certify(thief, second)), oldPublicKey: first.publicKey }],
    [await certify(first, second, 'another-hq')],
    [one, { ...(await certify(thief, third)), oldPublicKey: second.publicKey }],
  ];
  for (const chain of broken) expect(await endOfChain(believing(first), chain)).toBeNull();
  expect(await endOfChain(believing(third), [one, two])).toBeNull();
});

test('so many are kept, and of two of one new key the later', async () => {
  const again = await certify(second, third);
  const kept = [await certify(first, third), ...Array.from({ length: MOST_CERTIFICATES }, () => again)].reduce(
    (certificates, one, index) =>
      withCertificate(certificates, index < 2 ? one : { ...one, publicKey: `key ${index}` }),
    [] as readonly Certificate[],
  );
  expect(kept).toHaveLength(MOST_CERTIFICATES);
  expect(kept[0]).toEqual(again);
});

import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PublishedKey } from '../../modules/nodes/contract.ts';
import { createManualClock } from '../clock.ts';
import { createEd25519Signer, createEd25519Verifier, gateKeyOf } from './ed25519-signer.ts';
import { createPublishedVerifier } from './published-keys.ts';

const bytes = Buffer.from('a ticket');
const pair = () => generateKeyPairSync('ed25519');
type Pair = ReturnType<typeof pair>;
const [own, headquarters, osh, stranger] = [pair(), pair(), pair(), pair()];

function open(keys: PublishedKey[]) {
  const clock = createManualClock(1_780_000_000_000);
  let asked = 0;
  const verifier = createPublishedVerifier({
    own: createEd25519Verifier([own.publicKey]),
    published: async () => {
      asked += 1;
      return keys;
    },
    clock,
  });
  const takes = (by: Pair, parkId: string): Promise<boolean> => {
    const { keyId, sign } = createEd25519Signer(by);
    return verifier.verify(keyId, bytes, sign(bytes), parkId);
  };
  return { clock, takes, asked: () => asked };
}

const published = (of: Pair, nodeId: string, parkId: string | null): PublishedKey => ({
  ...gateKeyOf(of.publicKey),
  nodeId,
  parkId,
});

test('what this node signs is good before anything was published', async () => {
  expect(await open([]).takes(own, 'ala-archa')).toBe(true);
});

test('the key of headquarters is good for every park, that of a park for this park alone, that of a stranger for none', async () => {
  const { takes } = open([published(headquarters, 'hq', null), published(osh, 'osh-1', 'osh-center')]);
  expect(await takes(headquarters, 'ala-archa')).toBe(true);
  expect(await takes(osh, 'osh-center')).toBe(true);
  expect(await takes(osh, 'ala-archa')).toBe(false);
  expect(await takes(stranger, 'osh-center')).toBe(false);
});

test('a key that was published since is good within a second, one that was taken back within a minute', async () => {
  const keys: PublishedKey[] = [];
  const { clock, takes, asked } = open(keys);
  expect(await takes(osh, 'osh-center')).toBe(false);
  keys.push(published(osh, 'osh-1', 'osh-center'));
  clock.advance(1_000);
  expect(await takes(osh, 'osh-center')).toBe(true);
  keys.pop();
  clock.advance(60_000);
  expect(await takes(osh, 'osh-center')).toBe(false);
  expect(asked()).toBe(3);
});

test('whoever comes while the keys are being asked for waits for the same answer', async () => {
  const { takes, asked } = open([published(headquarters, 'hq', null)]);
  const all = await Promise.all(Array.from({ length: 20 }, () => takes(headquarters, 'ala-archa')));
  expect(all).not.toContain(false);
  expect(asked()).toBe(1);
});

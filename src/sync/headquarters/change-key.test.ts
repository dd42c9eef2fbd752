import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createNodeSigner } from '../../infrastructure/keys/node-signer.ts';
import type { HeadquartersTools } from './ports.ts';
import { createChangeKey } from './change-key.ts';

const NODE = 'park-osh';
const SIGNATURE = 'A'.repeat(86);
const { keyId, publicKey } = createNodeSigner(generateKeyPairSync('ed25519'));

/** Headquarters whose challenge is `fresh`, and what it has looked at. */
function open() {
  const asked: string[] = [];
  const changeKey = createChangeKey({
    registry: { find: async (nodeId: string) => (asked.push(nodeId), null) },
    sessions: { isChallenge: (challenge: string) => challenge === 'fresh' },
  } as unknown as HeadquartersTools);
  return { asked, changeKey };
}

test('without a fresh challenge nothing is looked up for whoever wants to change a key, and nothing checked', async () => {
  const { asked, changeKey } = open();
  const about = { nodeId: NODE, nonce: 'nonce', oldKeyId: '0a0a0a0a', keyId, signature: SIGNATURE };
  const refused = { ok: false, refusal: { code: 'not_genuine' } };
  const ask = async (challenge: string) => [
    await changeKey.certify({ ...about, challenge, publicKey, proof: SIGNATURE }),
    await changeKey.retire({ ...about, challenge, until: { incarnation: '', seq: 0 } }),
  ];
  expect(await ask('of yesterday')).toEqual([refused, refused]);
  expect(asked).toEqual([]);
  expect(await ask('fresh')).toEqual([refused, refused]);
  expect(asked).toEqual([NODE, NODE]);
});

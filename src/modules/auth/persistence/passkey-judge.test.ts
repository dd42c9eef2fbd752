import { expect, test } from 'vitest';
import { createPasskeyJudge } from './passkey-judge.ts';

const HOME = { rpId: 'localhost', origin: 'http://localhost:8080' };
const challenge = 'bm90aGluZw';
const attestation = { credentialId: 'aWQ', clientData: 'bm9uZQ', attestation: 'bm9uZQ', transports: [] };
const assertion = { credentialId: 'aWQ', clientData: 'bm9uZQ', authenticatorData: 'bm9uZQ', signature: 'bm9uZQ' };
const credential = { credentialId: 'aWQ', publicKey: 'bm9uZQ', transports: [] };

test('an answer that nobody can read is refused', async () => {
  const judge = createPasskeyJudge(HOME);
  expect(await judge.made(attestation, challenge)).toBeNull();
  expect(await judge.signed(assertion, challenge, credential)).toBeNull();
});

test('a judge that cannot be loaded refuses nobody: that is a fault of ours', async () => {
  const judge = createPasskeyJudge(HOME, () => Promise.reject(new Error('the package is gone')));
  await expect(judge.made(attestation, challenge)).rejects.toThrow('the package is gone');
  await expect(judge.signed(assertion, challenge, credential)).rejects.toThrow('the package is gone');
});

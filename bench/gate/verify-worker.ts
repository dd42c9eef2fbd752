import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import type { Run } from '../harness/contest.ts';
import { answerQuestions } from '../harness/worker.ts';

export type VerifyQuestion = { readonly seconds: number };

const BYTES = 100;

// Signatures verified one after the other in one thread: what bounds a gate whatever it stores.
answerQuestions<VerifyQuestion, Run>(async ({ seconds }) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = randomBytes(BYTES);
  const signature = sign(null, bytes, privateKey);
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let operations = 0;
  while (performance.now() < endMs) {
    if (!verify(null, bytes, publicKey, signature)) throw new Error('a good signature was refused');
    operations += 1;
  }
  return { operations, seconds: (performance.now() - startedMs) / 1000 };
});

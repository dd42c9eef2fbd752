import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import type { Run } from '../harness/contest.ts';
import { drive } from '../harness/drive.ts';
import { product } from '../harness/product.ts';
import { answerQuestions } from '../harness/worker.ts';

export type CodeQuestion = { readonly kind: 'bare' | 'code'; readonly seconds: number };

/** Different codes, so that nothing of one helps the next. */
const CODES = 256;
/** Under way at once, as scans of a batch are: signatures are checked on the pool of threads. */
const AT_ONCE = 8;

async function open() {
  const { createEd25519Signer, createEd25519Verifier } = await product.signer();
  const { createPublishedVerifier } = await product.publishedKeys();
  const { createIssueAdmissionCode, createReadAdmissionCode } = await product.admissionCodes();
  const { systemClock: clock } = await product.clock();
  const { systemIds: ids } = await product.ids();
  const pair = generateKeyPairSync('ed25519');
  const issue = createIssueAdmissionCode(createEd25519Signer(pair));
  const own = createEd25519Verifier([pair.publicKey]);
  const read = createReadAdmissionCode(createPublishedVerifier({ own, published: async () => [], clock }));
  const codes = Array.from({ length: CODES }, () =>
    issue({
      ticketId: ids.next(),
      parkId: 'bench-park',
      visitDate: '2026-12-05',
      partySize: 3,
      validFromMs: 1_796_428_800_000,
      validUntilMs: 1_796_472_000_000,
    }),
  );
  const signedBytes = Buffer.from(codes[0] ?? '', 'base64url').length + 'skypark/admission-code/'.length - 64;
  const bare = Array.from({ length: CODES }, () => {
    const bytes = randomBytes(signedBytes);
    return { bytes, signature: sign(null, bytes, pair.privateKey) };
  });
  let turn = 0;
  return {
    async code() {
      turn += 1;
      const claims = await read(codes[turn % CODES] ?? '');
      if (claims === null) throw new Error('a good code was refused');
    },
    bare: () =>
      new Promise<void>((resolve, reject) => {
        turn += 1;
        const { bytes, signature } = bare[turn % CODES] ?? { bytes: Buffer.alloc(0), signature: Buffer.alloc(0) };
        verify(null, bytes, pair.publicKey, signature, (error, isGood) =>
          error === null && isGood ? resolve() : reject(error ?? new Error('a good signature was refused')),
        );
      }),
  };
}

let opened: ReturnType<typeof open> | null = null;

answerQuestions<CodeQuestion, Run>(async ({ kind, seconds }) => {
  opened ??= open();
  return drive((await opened)[kind], AT_ONCE, seconds);
});

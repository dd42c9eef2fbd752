import { problem } from '../../infrastructure/http/problem.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import { HeadquartersKeyRequest } from '../protocol/keys.ts';
import { chainBetween } from '../protocol/key-chain.ts';
import { signed } from '../protocol/signing.ts';
import { headquartersKeyExample } from './examples.ts';
import type { HeadquartersTools } from './ports.ts';
import { openRoute } from './sync-route.ts';

/** Where parks ask how the key in force came to stand in place of the one that they know, if it did. */
export const headquartersKeyRoute = ({
  signer,
  certificates,
}: Pick<HeadquartersTools, 'signer' | 'certificates'>): Route =>
  openRoute({
    path: '/headquarters-key',
    operationId: 'readHeadquartersKey',
    summary: 'For nodes of parks: learn by which key headquarters signs now',
    description:
      'Answers certificates, each by a key over the next one, from the key that the node knows to the one that signs the answer.',
    body: HeadquartersKeyRequest,
    bodyExample: headquartersKeyExample,
    limit: 'sync',
    async handle({ nonce, publicKey }) {
      const own = await signer();
      const chain = chainBetween(await certificates(), publicKey, own.publicKey);
      return chain === null ? problem('sync_refused') : signed('headquarters-key', { nonce, chain: [...chain] }, own);
    },
  });

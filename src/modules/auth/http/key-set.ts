import type { JWK } from 'jose';
import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';

/** A public key and what it is for: `sig` for access tokens, a name of its own for every other use. */
export type PublishedKey = { readonly publicJwk: JWK; readonly use: string };

const Key = Type.Object({
  kty: Type.String(),
  crv: Type.Optional(Type.String({ description: 'Of an Ed25519 key' })),
  x: Type.Optional(Type.String({ description: 'Of an Ed25519 key' })),
  n: Type.Optional(Type.String({ description: 'Of an RSA key' })),
  e: Type.Optional(Type.String({ description: 'Of an RSA key' })),
  kid: Type.String(),
  alg: Type.String(),
  use: Type.String({ description: '`sig` for access tokens' }),
});

const example = {
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      alg: 'EdDSA',
      use: 'sig',
    },
  ],
};

function toKey({ publicJwk: { kty, crv, x, n, e, kid }, use }: PublishedKey) {
  assert(kid !== undefined, 'a key with its id');
  if (kty === 'RSA' && n !== undefined && e !== undefined) return { kty, n, e, kid, alg: 'RS256', use };
  assert(kty === 'OKP' && crv === 'Ed25519' && x !== undefined, 'an Ed25519 key or an RSA key');
  return { kty, crv, x, kid, alg: 'EdDSA', use };
}

/** @param keys asked at every request, since keys rotate. */
export const keySetRoute = (keys: () => readonly PublishedKey[]) =>
  defineRoute({
    method: 'GET',
    path: '/.well-known/jwks.json',
    base: false,
    operationId: 'getKeySet',
    summary: 'Public keys of this node',
    description:
      'A JSON Web Key Set (RFC 7517). `use` tells what a key is for; a verifier takes no key for another use.',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    responses: {
      200: {
        description: 'The keys',
        headers: { 'Cache-Control': 'How long the set may be kept' },
        schema: Type.Object({ keys: Type.Array(Key) }),
        example,
      },
    },
    problems: [],
    handle: async () => ({
      status: 200,
      headers: { 'cache-control': 'public, max-age=300' },
      body: { keys: keys().map(toKey) },
    }),
  });

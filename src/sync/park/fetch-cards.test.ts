import { expect, test } from 'vitest';
import { systemIds } from '../../infrastructure/ids.ts';
import type { PostPacked } from '../../infrastructure/outgoing-http/post-packed.ts';
import type { StaffList } from '../../modules/auth/contract.ts';
import { signed } from '../protocol/signing.ts';
import { fetchCards } from './fetch-cards.ts';
import { newSigner } from './two-nodes.suite.ts';

const card = { userId: systemIds.next(), phone: '+996555123456', name: 'Aizada', language: 'ky', passwordHash: 'hash' };
const version = { incarnation: systemIds.next(), position: 7 };

test('a park is told that somebody has no app, and tells that apart from headquarters that knows of none', async () => {
  const signer = newSigner();
  for (const secret of [{ totpSecret: 'c2VjcmV0' }, { totpSecret: null }, {}]) {
    const staff = { version, cards: [{ ...card, ...secret, roles: ['gate'] }] };
    const post: PostPacked = async (_path, body) => {
      const { nonce } = body as { readonly nonce: string };
      return { kind: 'answered', status: 200, value: await signed('cards', { nonce, staff, gateCards: [] }, signer) };
    };
    const kept: StaffList[] = [];
    const cards = {
      keepStaff: async (list: StaffList) => kept.push(list),
      missing: async () => [],
      keepGateCards: async () => undefined,
    };
    const tools = { post, cards, secret: (bytes: number) => systemIds.secret(bytes) };
    const talk = { token: 'token', publicKey: signer.publicKey };
    expect(await fetchCards(tools, talk, new AbortController().signal)).toEqual({ kind: 'answer', answer: null });
    expect(kept).toEqual([staff]);
  }
});

import { generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { fixtureInfo, startFixture } from '../../infrastructure/http/http-fixture.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { createNodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { createTextSeal } from '../../infrastructure/keys/text-seal.ts';
import type { GateCard } from '../../modules/admission/contract.ts';
import type { StaffList } from '../../modules/auth/contract.ts';
import { SESSION_HEADER, SESSION_MS } from '../protocol/limits.ts';
import { isGenuine } from '../protocol/signing.ts';
import { createToyVoices, ToyRegistry } from '../park/toy-registry.suite.ts';
import { cardsRoute } from './cards.ts';
import { createPlaceProofs } from './place-proofs.ts';
import { createSessions } from './session.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const NODE = { nodeId: 'osh-1', parkId: 'osh-center' };
const NONCE = 'Zk3v9QmB7wXyT2aLr8cN0g';
const TICKET = systemIds.next();

const STAFF: StaffList = {
  version: { incarnation: systemIds.next(), position: 17 },
  cards: [
    {
      userId: systemIds.next(),
      phone: '+996555123456',
      name: 'Aizada',
      language: 'ky',
      passwordHash: '$argon2id$v=19$…',
      totpSecret: null,
      roles: ['gate'],
    },
  ],
};
const CARD: GateCard = { ticketId: TICKET, children: [{ firstName: 'Aibek', ageBand: '3-6' }] };

async function open() {
  const clock = createManualClock(NOW_MS);
  const registry = new ToyRegistry();
  const incarnation = systemIds.next();
  await registry.enrol({
    ...NODE,
    code: 'the-code',
    key: { keyId: '0a0a0a0a', publicKey: 'A'.repeat(43) },
    admissionKeys: [],
    incarnation,
  });
  const secret = (bytes: number): string => systemIds.secret(bytes);
  const sessions = createSessions({ seal: createTextSeal(Buffer.alloc(32, 7)), clock, secret });
  const signer = createNodeSigner(generateKeyPairSync('ed25519'));
  const asked: unknown[] = [];
  const route = cardsRoute(
    {
      nodeId: 'hq',
      log: createMemoryNode({ clock }).replication,
      registry,
      voices: createToyVoices(),
      signer: async () => signer,
      certificates: async () => [],
      sessions,
      placeProofs: createPlaceProofs(createTextSeal(Buffer.alloc(32, 8))),
      clock,
      travels: new Map(),
      knows: new Map(),
      eventTypes: '',
      parksOf: async () => new Map(),
      beginLife: async () => undefined,
      onNews: () => undefined,
    },
    {
      staff: async (parkId) => (asked.push(parkId), STAFF),
      gate: async (parkId, ticketIds) => (asked.push([parkId, ticketIds]), [CARD]),
    },
  );
  const info = { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'sync', description: 'Nodes' }] };
  const { app } = await startFixture({ routes: [route], info, clock });
  onTestFinished(() => app.close());
  const session = sessions.begin({ ...NODE, incarnation, process: systemIds.next(), protocol: 1, keyId: '0a0a0a0a' });
  const ask = async (shown = session) => {
    const payload = JSON.stringify({ nonce: NONCE, tickets: [TICKET] });
    const headers = { 'content-type': 'application/json', [SESSION_HEADER]: shown };
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/sync/v1/cards', payload, headers });
    return { status: statusCode, body: JSON.parse(body) as { readonly signature: string } & Record<string, unknown> };
  };
  return { clock, registry, signer, asked, ask, incarnation };
}

test('a node in a session reads the cards of its own park, signed', async () => {
  const { ask, asked, signer } = await open();
  const { status, body } = await ask();
  expect([status, body]).toMatchObject([200, { nonce: NONCE, staff: STAFF, gateCards: [CARD] }]);
  expect(await isGenuine('cards', body, signer.publicKey)).toBe(true);
  expect(asked).toEqual(['osh-center', ['osh-center', [TICKET]]]);
});

test('without a session that goes on nobody reads any', async () => {
  const { ask, asked, clock } = await open();
  expect((await ask('a.guess')).status).toBe(403);
  clock.advance(SESSION_MS);
  expect((await ask()).status).toBe(403);
  expect(asked).toEqual([]);
});

test('a node that was revoked reads none, though its session goes on', async () => {
  const { ask, asked, registry, incarnation } = await open();
  registry.revoke({ incarnation, seq: 0, link: 'A'.repeat(43) });
  expect((await ask()).status).toBe(403);
  expect(asked).toEqual([]);
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { certifyNext, withCertificate } from '../protocol/key-chain.ts';
import { ANOTHER_KEY } from './ask.ts';
import type { ParkSync } from './sync-round.ts';
import { namesIn, newSigner, openTwoNodes, PARK, write, type TwoNodes } from './two-nodes.suite.ts';

let world: TwoNodes;
let park: MemoryNode;
let sync: ParkSync;
let first: NodeSigner;
beforeEach(async () => {
  world = await openTwoNodes();
  park = createMemoryNode({ clock: createManualClock(Date.parse('2026-12-05T06:00:00Z')), nodeId: PARK });
  sync = await world.startPark(park);
  first = world.hqSigner;
  await write(park, 'Sold', ['of the first key']);
  await world.until(sync, 'drained');
});
afterEach(() => world.close());

const round = () => sync.round(new AbortController().signal);
const believed = () => world.known()?.publicKey;

/** What the command does at headquarters. */
async function certify(next: NodeSigner, old = world.hqSigner): Promise<void> {
  const certificate = await certifyNext({ nodeId: 'hq', certifiedAtMs: world.clock.now() }, old, next);
  world.certificates = withCertificate(world.certificates, certificate);
}
async function change(next = newSigner()): Promise<NodeSigner> {
  await certify(next);
  world.hqSigner = next;
  return next;
}

test('a park goes over to the next key of headquarters at once, and goes on with what it had to hand over', async () => {
  const next = await change();
  await write(park, 'Sold', ['of the second key']);
  expect([await round(), believed()]).toEqual(['session_over', next.publicKey]);
  expect(world.known()).toMatchObject({ nodeId: 'hq', keyId: next.keyId });
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['of the first key', 'of the second key']);
});

test('a park that missed several changes follows all of them', async () => {
  for (let time = 0; time < 3; time += 1) await change();
  await round();
  expect(believed()).toBe(world.hqSigner.publicKey);
  await world.until(sync, 'drained');
});

test('as long as headquarters signs by the old key a certificate changes nothing', async () => {
  await certify(newSigner());
  await write(park, 'Sold', ['meanwhile']);
  await world.until(sync, 'drained');
  expect(believed()).toBe(first.publicKey);
});

test('a key that was replaced is not believed any more, whatever certificates are shown with it', async () => {
  const next = await change();
  await round();
  expect(believed()).toBe(next.publicKey);
  world.hqSigner = first;
  for (let time = 0; time < 3; time += 1) expect(await round()).toBe('unreachable');
  expect([believed(), world.states.at(-1)?.trouble]).toEqual([next.publicKey, ANOTHER_KEY]);
  // It names itself as the next of the one that replaced it.
  await certify(first, first);
  world.certificates = world.certificates.map((one) =>
    one.publicKey === first.publicKey ? { ...one, oldPublicKey: next.publicKey } : one,
  );
  expect([await round(), believed()]).toEqual(['unreachable', next.publicKey]);
  world.hqSigner = next;
  await world.until(sync, 'drained');
});

test('whoever has no key of headquarters is not followed, also with certificates of before', async () => {
  await change();
  const thief = newSigner();
  const [genuine] = world.certificates;
  const made = await certifyNext({ nodeId: 'hq', certifiedAtMs: 0 }, thief, thief);
  world.hqSigner = thief;
  for (const certificates of [[], [made], [{ ...made, oldPublicKey: first.publicKey }]]) {
    world.certificates = certificates;
    expect([await round(), believed()]).toEqual(['unreachable', first.publicKey]);
  }
  // The genuine chain, told by whoever does not have its last key.
  world.weather = async (path, ask) => {
    const answer = await ask();
    if (!path.endsWith('/headquarters-key')) return answer;
    const body = { nonce: 'A'.repeat(22), chain: [genuine], signature: 'A'.repeat(86) };
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  };
  expect([await round(), believed()]).toEqual(['unreachable', first.publicKey]);
});

test('an answer that is lost, or a park that dies before it has kept the key, leaves it with the key before: it asks again', async () => {
  const next = await change();
  world.weather = async (path, ask) => {
    const answer = await ask();
    if (path.endsWith('/headquarters-key')) throw new Error('the answer was lost');
    return answer;
  };
  expect([await round(), believed()]).toEqual(['unreachable', first.publicKey]);
  world.weather = (_path, ask) => ask();
  sync = await world.startPark(park);
  await round();
  expect(believed()).toBe(next.publicKey);
  await world.until(sync, 'drained');
});

test('a park changes its own key where headquarters has changed its', async () => {
  await change();
  const next = newSigner();
  expect(await world.certify(next)).toMatchObject({ ok: false, refusal: { reason: ANOTHER_KEY } });
  await round();
  expect(await world.certify(next)).toMatchObject({ ok: true });
});

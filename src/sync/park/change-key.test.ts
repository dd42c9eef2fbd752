import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { signed } from '../protocol/signing.ts';
import type { ParkSync } from './sync-round.ts';
import { SILENT_MS } from '../headquarters/judge-voice.ts';
import { keptIn, namesIn, newSigner, openTwoNodes, PARK, toyLives, write, type TwoNodes } from './two-nodes.suite.ts';

const HELLO_MS = 30_000;
const CHALLENGE_MS = 30_000;

let world: TwoNodes;
let park: MemoryNode;
let sync: ParkSync;
let next: NodeSigner;
beforeEach(async () => {
  world = await openTwoNodes();
  park = createMemoryNode({ clock: createManualClock(Date.parse('2026-12-05T06:00:00Z')), nodeId: PARK });
  sync = await world.startPark(park);
  next = newSigner();
  await write(park, 'Sold', ['of the old key']);
  await world.until(sync, 'drained');
});
afterEach(() => world.close());

const round = (of: ParkSync) => of.round(new AbortController().signal);
const keys = () => world.registry.node?.keys.map(({ keyId, until }) => [keyId, until === null ? null : until.seq]);
const done = { ok: true };

/** The node that the file of its key was changed of. */
const switched = (): Promise<ParkSync> => world.startPark(park, next);

test('until the new key is in use either is good; then the old one is good for what it has sealed', async () => {
  expect(await world.certify(next)).toMatchObject(done);
  expect(keys()).toEqual([
    [next.keyId, null],
    [world.parkSigner.keyId, null],
  ]);
  world.clock.advance(HELLO_MS);
  await write(park, 'Sold', ['still of the old key']);
  await world.until(sync, 'drained');
  await write(park, 'Sold', ['of both times']);
  await world.until(await switched(), 'drained');
  expect(keys()).toEqual([
    [next.keyId, null],
    [world.parkSigner.keyId, 3],
  ]);
  const names = ['of the old key', 'still of the old key', 'of both times'];
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(names);
});

test('what the old key had sealed and headquarters did not have is taken after the change, of lives before, too', async () => {
  const lives = toyLives(park);
  await write(park, 'Sold', ['of the life before']);
  await park.replication.seal(world.parkSigner);
  await lives.restart('restored', new AbortController().signal);
  await write(park, 'Sold', ['sealed in time']);
  await park.replication.seal(world.parkSigner);
  expect(await world.certify(next)).toMatchObject(done);
  await write(park, 'Sold', ['of the new key']);
  // The process of before is not heard any more.
  world.clock.advance(SILENT_MS);
  await world.until(await world.startPark(park, next, lives), 'drained');
  const names = ['of the old key', 'of the life before', 'sealed in time', 'of the new key'];
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(names);
  expect(await keptIn(world.headquarters)).toEqual([]);
  expect(keys()?.map(([, until]) => until)).toEqual([null, 3]);
});

test('an answer that was lost leaves a node that speaks by its old key, and is asked for again', async () => {
  world.weather = async (path, ask) => {
    const answer = await ask();
    if (path.endsWith('/rotate')) throw new Error('the answer was lost');
    return answer;
  };
  expect(await world.certify(next)).toMatchObject({ ok: false });
  world.weather = (_path, ask) => ask();
  world.clock.advance(HELLO_MS);
  await write(park, 'Sold', ['meanwhile']);
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toContain('meanwhile');
  expect(await world.certify(next)).toMatchObject(done);
  await world.until(await switched(), 'drained');
  expect(keys()?.map(([, until]) => until)).toEqual([null, 2]);
});

test('a node that was killed before it has retired its old key does so after a later hello', async () => {
  await world.certify(next);
  world.weather = (path, ask) => (path.endsWith('/retire') ? Promise.reject(new Error('no line')) : ask());
  const again = await switched();
  await write(park, 'Sold', ['of the new key']);
  await world.until(again, 'drained');
  expect(keys()?.map(([, until]) => until)).toEqual([null, null]);
  world.weather = (_path, ask) => ask();
  await world.until(await switched(), 'drained');
  expect(keys()?.map(([, until]) => until)).toEqual([null, 2]);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['of the old key', 'of the new key']);
});

test('a stolen key is good for nothing once it is retired', async () => {
  await world.certify(next);
  const own = await switched();
  await world.until(own, 'drained');
  // Whoever has it cannot talk, and cannot have a key of its own taken.
  const thief = await world.startPark(park);
  expect(await round(thief)).toBe('trouble');
  expect(world.states.at(-1)).toMatchObject({ verdict: 'unknown' });
  expect(await world.certify(newSigner())).toEqual({ ok: false, refusal: { reason: 'sync_refused' } });
  // Nor is a segment taken that it signs, whoever brings it.
  await write(park, 'Sold', ['forged']);
  await park.replication.seal(world.parkSigner);
  expect(await round(own)).toBe('trouble');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['of the old key']);
  const [kept] = await keptIn(world.headquarters);
  expect(kept?.why).toBe(`key ${world.parkSigner.keyId} is not one that this node may sign with`);
});

test('one change at a time, and no key comes back', async () => {
  await world.certify(next);
  const third = newSigner();
  expect(await world.certify(third, next)).toEqual({ ok: false, refusal: { reason: 'node_key_change_open' } });
  expect(await world.certify(third)).toEqual({ ok: false, refusal: { reason: 'sync_refused' } });
  await world.until(await switched(), 'drained');
  const back = await world.certify(world.parkSigner, next);
  expect(back).toEqual({ ok: false, refusal: { reason: 'node_key_used_before' } });
  expect(await world.certify(third, next)).toMatchObject(done);
});

/** A request for another key as the node makes it. */
async function rotateRequest(change: { readonly proven?: NodeSigner; readonly by?: NodeSigner } = {}) {
  const asked = await world.ask('/challenge', JSON.stringify({ nodeId: PARK }));
  const { challenge } = (await asked.json()) as { readonly challenge: string };
  const { keyId: oldKeyId } = world.parkSigner;
  const told = { nodeId: PARK, nonce: 'n'.repeat(22), oldKeyId, keyId: next.keyId, publicKey: next.publicKey };
  const { signature: proof } = await signed('next-key', told, change.proven ?? next);
  return JSON.stringify(await signed('rotate', { ...told, challenge, proof }, change.by ?? world.parkSigner));
}

test('a request needs both keys', async () => {
  const stranger = newSigner();
  for (const change of [{ proven: stranger }, { by: stranger }, { proven: world.parkSigner }, { by: next }]) {
    expect((await world.ask('/rotate', await rotateRequest(change))).status).toBe(403);
  }
  expect(keys()).toEqual([[world.parkSigner.keyId, null]]);
});

test('a request that is sent again later changes nothing', async () => {
  const request = await rotateRequest();
  expect((await world.ask('/rotate', request)).status).toBe(200);
  expect((await world.ask('/rotate', request)).status).toBe(200);
  await world.until(await switched(), 'drained');
  const after = keys();
  expect((await world.ask('/rotate', request)).status).toBe(403);
  world.clock.advance(CHALLENGE_MS);
  expect((await world.ask('/rotate', request)).status).toBe(403);
  expect(keys()).toEqual(after);
});

test('only the newest key retires the one before', async () => {
  await world.certify(next);
  const { incarnation } = await park.replication.head();
  const ask = async (signer: NodeSigner) => {
    const asked = await world.ask('/challenge', JSON.stringify({ nodeId: PARK }));
    const { challenge } = (await asked.json()) as { readonly challenge: string };
    const oldKeyId = signer === next ? world.parkSigner.keyId : next.keyId;
    const until = { incarnation, seq: 0 };
    const told = { nodeId: PARK, challenge, nonce: 'n'.repeat(22), keyId: signer.keyId, oldKeyId, until };
    return (await world.ask('/retire', JSON.stringify(await signed('retire', told, signer)))).status;
  };
  expect(await ask(world.parkSigner)).toBe(403);
  expect(keys()?.map(([, until]) => until)).toEqual([null, null]);
  expect([await ask(next), await ask(next)]).toEqual([200, 200]);
  expect(keys()?.map(([, until]) => until)).toEqual([null, 0]);
});

test('a session ends with the key that it was begun by', async () => {
  const spoken: string[] = [];
  world.weather = (path, ask) => (spoken.push(path), ask());
  await world.certify(next);
  const own = await switched();
  await world.until(own, 'drained');
  spoken.length = 0;
  // It said hello by the old key less than ten minutes ago.
  expect(await round(sync)).toBe('session_over');
  expect(spoken).toEqual(['/sync/v1/pull']);
});

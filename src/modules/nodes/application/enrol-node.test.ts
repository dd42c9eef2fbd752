import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryNode } from '../../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createZone } from '../../../infrastructure/zone.ts';
import { createCommandRunner } from '../../../kernel/command-runner.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { LogPlace } from '../contract.ts';
import { parkNode } from '../domain/node.ts';
import { nodeEvents } from '../persistence/events.ts';
import { createEnrolNode } from './enrol-node.ts';
import { nodeStream } from './invite-node.ts';
import type { NodeView } from './ports.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const [NODE, PARK] = ['park-osh', 'osh'];
const [OLD, UNHEARD, NEW] = ['the old machine', 'a life that was never heard', 'the new machine'].map((name) =>
  ids.derive(name),
) as [string, string, string];
const META = { actor: 'system', correlationId: 'test' };

/** Headquarters with an invited node, of which the store holds a life that may still grow until it is fenced. */
async function open() {
  const clock = createManualClock(NOON_MS);
  const { store } = createMemoryNode({ clock });
  const codec = createEventCodec(
    nodeEvents,
    createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) }),
  );
  const runner = createCommandRunner({ store, codec, ids, clock });
  const held = new Map<string, LogPlace>([[OLD, { incarnation: OLD, seq: 12, link: 'twelve' }]]);
  const fenced: string[] = [];
  const life = (incarnation: string) => ({ incarnation, closed: null, successor: null });
  const view = { nodeId: NODE, parkId: PARK, homeFrom: null, incarnations: [life(OLD), life(UNHEARD)] };
  const enrol = createEnrolNode({
    runner,
    ids,
    clock,
    zone: createZone(),
    nodeId: 'hq',
    gateKeys: [],
    hasAdmitted: async () => false,
    hashSecret: (secret) => secret,
    nodes: { byCodeHash: async () => view as unknown as NodeView, find: async () => null, all: async () => [] },
    acceptedOf: async () => [...held.values()],
    async closeLives(_nodeId, places) {
      // The last segment of the old machine arrives just before the store stops taking it.
      if (fenced.length === 0) held.set(OLD, { incarnation: OLD, seq: 14, link: 'fourteen' });
      fenced.push(...places.map(({ incarnation }) => incarnation));
    },
  });
  const invite = (codeHash: string) =>
    runner.run(
      parkNode,
      nodeStream(ids, NODE),
      { kind: 'invite', nodeId: NODE, parkId: PARK, homeFrom: null, codeHash, nowMs: clock.now() },
      META,
    );
  const ask = (code: string, incarnation: string, keyId = 'aaaaaaaa') =>
    enrol({ code, nodeId: NODE, parkId: PARK, key: { keyId, publicKey: keyId }, admissionKeys: [], incarnation }, 'x');
  const closings = async () =>
    (await store.read(0, 100, ['IncarnationClosed'])).map(({ data }) => [data['incarnation'], data['seq']]);
  return { clock, invite, ask, fenced, closings, store };
}

test('the store stops taking the lives before, and only then it is written down where they ended', async () => {
  const { invite, ask, fenced, closings } = await open();
  await invite('first');
  expect(await ask('first', OLD)).toEqual({ ok: true, value: null });
  expect(fenced).toEqual([UNHEARD]);
  fenced.length = 0;
  await invite('second');
  expect(await ask('second', NEW, 'bbbbbbbb')).toEqual({ ok: true, value: null });
  expect(fenced).toEqual([OLD, UNHEARD]);
  expect(await closings()).toEqual([[OLD, 14]]);
});

test('whoever is refused, or asks again, cuts nobody off', async () => {
  const { clock, invite, ask, fenced, store } = await open();
  await invite('first');
  await ask('first', OLD);
  fenced.length = 0;
  const head = await store.headPosition();
  expect(await ask('first', OLD)).toEqual({ ok: true, value: null });
  expect(await ask('guessed', NEW)).toMatchObject({ refusal: { code: 'code_invalid' } });
  await invite('second');
  clock.advance(3_600_000);
  expect(await ask('second', NEW)).toMatchObject({ refusal: { code: 'code_invalid' } });
  expect(fenced).toEqual([]);
  expect(await store.headPosition()).toBe(head + 1);
});

import { generateKeyPairSync, sign } from 'node:crypto';
import type { AuthoredEvent, Receive, SegmentSigner } from '../../kernel/replication.ts';
import { systemClock } from '../clock.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { BEGINNING } from './authored-event.ts';
import { createMemoryNode, type MemoryNode } from './memory-store.ts';

/** Logs of other nodes, for tests of what is received from them. */

export const PARK = 'park-ala-archa';

export const parkNode = (nodeId = PARK): MemoryNode => createMemoryNode({ clock: systemClock, nodeId });

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
export const publicKeyOfTests = publicKey;
export const signer: SegmentSigner = {
  keyId: 'test-key',
  sign: async (bytes) => sign(null, bytes, privateKey).toString('base64url'),
};

/** Appends events of given types to new streams of a node, one append each, two events at every third. */
export async function fill(
  node: MemoryNode,
  count: number,
  type = 'TestHappened',
  parkId = 'ala-archa',
): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const added = Array.from({ length: index % 3 === 2 ? 2 : 1 }, () => event(type, { index, name: 'Ысык-Көл' }));
    const commandId = newId();
    await node.store.append({
      commandId,
      streams: [part(newId(), 'none', added)],
      context: { ...context, parkId, occurredAtMs: context.occurredAtMs + index },
    });
  }
}

/** Everything the current incarnation of a node wrote. */
export async function authoredBy({ replication }: MemoryNode): Promise<readonly AuthoredEvent[]> {
  await replication.seal(signer);
  const { incarnation } = await replication.head();
  const segments = await replication.segmentsAfter(incarnation, 0, { segments: 1000 });
  return segments.flatMap(({ events }) => events);
}

/** A run of an author's events as a chain; `all` is everything it wrote. */
export function chained(all: readonly AuthoredEvent[], first = 1, last = all.length): Receive {
  const events = all.slice(first - 1, last);
  const { nodeId = '', incarnation = '' } = all[0] ?? {};
  return { events, chain: { nodeId, incarnation, first, previousLink: all[first - 2]?.link ?? BEGINNING } };
}

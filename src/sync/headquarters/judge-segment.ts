import type { ParksOfStreams } from '../../infrastructure/event-store/stream-parks.ts';
import { isSignedBy } from '../../infrastructure/keys/node-signer.ts';
import type { Travels } from '../../kernel/event-definition.ts';
import { segmentBytes, type AuthoredEvent, type LogPlace, type SealedSegment } from '../../kernel/replication.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import { streamFault } from './judge-streams.ts';

type Rules = {
  readonly node: RegisteredNode;
  readonly travels: ReadonlyMap<string, Travels | undefined>;
  readonly knows: ReadonlyMap<string, number>;
  readonly parksOf: ParksOfStreams;
};

/**
 * Why an event may not come from a park; null when it may. Of a type or a version that this program does not know it can tell
 * nothing: it waits until headquarters is upgraded.
 */
function eventFault({ seq, type, schemaVersion, parkId, data }: AuthoredEvent, { node, travels, knows }: Rules) {
  const known = knows.get(type) ?? 0;
  const what = known === 0 ? `a ${type}` : `a ${type} of version ${schemaVersion}`;
  if (schemaVersion > known) return `event ${seq} is ${what}, which headquarters does not know: upgrade it first`;
  if (travels.get(type)?.up === undefined) return `event ${seq} is a ${type}, which no park writes`;
  if (parkId === null) return `event ${seq} is a ${type} without a park`;
  const about = data['parkId'];
  const isElsewhere = (park: unknown): boolean => typeof park === 'string' && park !== node.parkId;
  return isElsewhere(parkId) || isElsewhere(about) ? `event ${seq} is about another park` : null;
}

/** Whether a life of a log came before another one. */
function isBefore({ incarnations }: RegisteredNode, early: string, late: string): boolean {
  let current: string | null = early;
  // Lives follow one another; of so many none can come twice.
  for (let count = 0; current !== null && count < incarnations.length; count += 1) {
    const life: string | null = current;
    current = incarnations.find(({ incarnation }) => incarnation === life)?.successor ?? null;
    if (current === late) return true;
  }
  return false;
}

/** The key that the header names, when it may have signed this. */
function keyOf({ header }: SealedSegment, node: RegisteredNode): string | null {
  const { keys } = node;
  const key = keys.find(({ keyId }) => keyId === header.keyId);
  if (key === undefined) return null;
  const { publicKey, until } = key;
  if (until === null) return publicKey;
  const wasGood =
    until.incarnation === header.incarnation
      ? header.last <= until.seq
      : isBefore(node, header.incarnation, until.incarnation);
  return wasGood ? publicKey : null;
}

/** Why a segment of a node is not to be stored; null when nothing speaks against it. */
export async function segmentFault(segment: SealedSegment, rules: Rules): Promise<string | null> {
  const { header, events, signature } = segment;
  const key = keyOf(segment, rules.node);
  if (key === null) return `key ${header.keyId} is not one that this node may sign with`;
  if (!(await isSignedBy(key, segmentBytes(header), signature))) return 'the signature is not of the key that it names';
  const isRun = events.every(
    ({ nodeId, incarnation, seq }, index) =>
      nodeId === header.nodeId && incarnation === header.incarnation && seq === header.first + index,
  );
  if (!isRun || events.length !== header.last - header.first + 1)
    return 'the events are not those that the header names';
  if (events.at(-1)?.link !== header.lastLink) return 'the last event is not the one that was signed';
  for (const event of events) {
    const fault = eventFault(event, rules);
    if (fault !== null) return fault;
  }
  return streamFault(segment, rules);
}

/** Whether the author has read more of the current life of this node's log than there is: it was set back, and that was not noticed. */
export const knowsMore = ({ header }: SealedSegment, own: LogPlace): boolean =>
  header.vector.some(([incarnation, seq]) => incarnation === own.incarnation && seq > own.seq);

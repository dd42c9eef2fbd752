import { isRecord } from '../../infrastructure/http/json-schema.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import type { ParksOfStreams } from '../../infrastructure/event-store/stream-parks.ts';
import type { TellingStream, ToldEvent, Travels } from '../../kernel/event-definition.ts';
import { isUnguessable, isUuid } from '../../kernel/ids.ts';
import type { AuthoredEvent, SealedSegment } from '../../kernel/replication.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';

type Rules = {
  readonly node: Pick<RegisteredNode, 'nodeId' | 'parkId'>;
  readonly travels: ReadonlyMap<string, Travels | undefined>;
  readonly parksOf: ParksOfStreams;
};

/** The text at a dotted path; empty where there is none. */
function textAt(data: unknown, path: string): string {
  const within = (inner: unknown, name: string): unknown => (isRecord(inner) ? inner[name] : undefined);
  const found = path.split('.').reduce(within, data);
  return typeof found === 'string' ? found : '';
}

const streamOf = (travels: Rules['travels'], type: string): TellingStream => {
  const up = travels.get(type)?.up;
  return up === undefined || up === true ? {} : up;
};

/** The parts of a name stand between slashes: a text with one could make the name of another writer's stream. */
const toldBy = ({ nodeId, parkId }: Rules['node'], { incarnation, data }: AuthoredEvent): ToldEvent => ({
  author: { nodeId, parkId, incarnation },
  text(path) {
    const found = textAt(data, path);
    return found.includes('/') ? '' : found;
  },
});

/** Finds the stream that has a name; of those that come one after the other under one name it is derived once. */
function createStreamNames(): (name: string) => string {
  let [last, stream]: [string | null, string] = [null, ''];
  return (name) => {
    if (name !== last) [last, stream] = [name, systemIds.derive(name)];
    return stream;
  };
}

/** Whether a park may write the event on its stream. */
function isOnItsStream(event: AuthoredEvent, { node, travels }: Rules, streamNamed: (name: string) => string): boolean {
  const { named } = streamOf(travels, event.type);
  if (named === undefined) return isUnguessable(event.streamId);
  return named(toldBy(node, event)).some((name) => streamNamed(name) === event.streamId);
}

/**
 * Why a segment's events may not stand on their streams, or are about what is another park's; null when they may. A stream belongs
 * to whoever wrote it first, so nobody may begin one that another node, or headquarters, would begin later.
 */
export async function streamFault({ events }: SealedSegment, rules: Rules): Promise<string | null> {
  const streamNamed = createStreamNames();
  const stray = events.find((event) => !isOnItsStream(event, rules, streamNamed));
  if (stray !== undefined) return `event ${stray.seq} is a ${stray.type} on a stream that is not its own`;
  const abouts = new Map<number, string>();
  for (const event of events) {
    const { about } = streamOf(rules.travels, event.type);
    const id = about === undefined ? '' : textAt(event.data, about);
    if (isUuid(id)) abouts.set(event.seq, id);
  }
  const parks = await rules.parksOf([...new Set(abouts.values())]);
  for (const [seq, id] of abouts) {
    const park = parks.get(id) ?? rules.node.parkId;
    if (park !== rules.node.parkId) return `event ${seq} is about another park`;
  }
  return null;
}

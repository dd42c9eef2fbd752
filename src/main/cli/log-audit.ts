import { BrokenInvariant } from '../../kernel/assert.ts';
import { createEventCodec, type EventCodec, type Recorded } from '../../kernel/event-codec.ts';
import type { StoredEvent } from '../../kernel/event-store.ts';
import type { Vault } from '../../kernel/vault.ts';
import { verifyChain } from '../../infrastructure/event-store/verify-chain.ts';
import { verifySegments } from '../../infrastructure/event-store/verify-segments.ts';
import { statement, type Session } from '../../infrastructure/postgres/session.ts';
import { manifests } from '../migration-sources.ts';
import { count, findingOf, type Audit, type Author, type Finding } from './finding.ts';

const EVENTS = statement(
  'check.events',
  `select e.id, e.aggregate_id as "streamId", e.aggregate_type as "aggregateType", event_type as type,
     schema_version as "schemaVersion", event_data as data, event_version as version, e.position, e.park_id as "parkId", actor,
     correlation_id as "correlationId", causation_id as "causationId", coalesce(command_id, origin_command_id) as "commandId",
     store.to_ms(occurred_at) as "occurredAtMs", store.to_ms(created_at) as "recordedAtMs",
     e.node_id as "nodeId", e.incarnation,
     e.node_id = h.node_id and (e.incarnation = h.incarnation or e.seq <= a.written_to) as "isOwn",
     e.node_id <> h.node_id and h.role = 'park' as "isHeadquarters"
   from store.event e cross join store.head h left join store.author a on a.incarnation = e.incarnation
   where e.position > $1 order by e.position limit $2`,
);

const SHAPE = statement(
  'check.log-shape',
  `select (select position from store.head) as head, count(*) as events, coalesce(min(position), 1) as first,
     coalesce(max(position), 0) as last, count(distinct aggregate_id) as streams
   from store.event`,
);

const GAPS = statement(
  'check.version-gaps',
  `select aggregate_id as "streamId" from store.event group by aggregate_id
   having min(event_version) <> 1 or max(event_version) <> count(*) limit 6`,
);

const BATCH = 2000;

/** Reads the log without any key: whatever is personal is as if it were erased. */
const keyless: Vault = {
  seal: () => Promise.reject(new Error('nothing is written here')),
  open: () => Promise.resolve(null),
  blindIndex: () => '',
  destroy: () => Promise.resolve(),
};

const keylessCodec = (): EventCodec =>
  createEventCodec(
    manifests.flatMap(({ events }) => events),
    keyless,
  );

/** Shows every event to the audits, in order; one that this program cannot read is a fault, and shown to none. */
export async function readLog(session: Session, audits: readonly Audit[]): Promise<Finding> {
  const codec = keylessCodec();
  const faults: string[] = [];
  const read = async (stored: StoredEvent): Promise<Recorded | null> => {
    try {
      return await codec.decode(stored);
    } catch (error) {
      if (!(error instanceof BrokenInvariant)) throw error;
      faults.push(`at position ${stored.position}: ${error.message}`);
      return null;
    }
  };
  let position = 0;
  for (;;) {
    const events = await session.rows<StoredEvent & Pick<Author, 'isOwn' | 'isHeadquarters'>>(EVENTS, [
      position,
      BATCH,
    ]);
    const decoded = await Promise.all(events.map(read));
    for (const [index, { nodeId, incarnation, isOwn, isHeadquarters }] of events.entries()) {
      const event = decoded[index];
      if (event) for (const audit of audits) audit.see(event, { nodeId, incarnation, isOwn, isHeadquarters });
    }
    position = events.at(-1)?.position ?? position;
    if (events.length < BATCH) return findingOf('log', 'events that this program can read', faults);
  }
}

type Shape = {
  readonly head: number | null;
  readonly events: number;
  readonly first: number;
  readonly last: number;
  readonly streams: number;
};

/** The log itself: positions and versions without a hole, and a hash chain that still fits every event. */
export async function logFindings(session: Session): Promise<readonly Finding[]> {
  const [shape] = await session.rows<Shape>(SHAPE);
  const { head, events, first, last, streams } = shape ?? { head: 0, events: 0, first: 1, last: 0, streams: 0 };
  const dense = first === 1 && last === events && (head ?? 0) === last;
  const holes = dense ? [] : [`${events} events stand at positions ${first} to ${last}, the head says ${head ?? 0}`];
  const gaps = await session.rows<{ streamId: string }>(GAPS);
  const chain = await verifyChain(session);
  const broken = chain.intact ? [] : [`at position ${chain.position} something is wrong: ${chain.fault}`];
  const segments = await verifySegments(session);
  const single = chain.intact && chain.single > 0 ? `, ${chain.single} of them of a feed, without their chain` : '';
  const streamText = `${count(streams, 'stream')} with versions 1, 2, 3 …`;
  return [
    findingOf('log', `${count(events, 'event')} at positions 1 to ${last} without a hole`, holes),
    findingOf(
      'log',
      streamText,
      gaps.map(({ streamId }) => `stream ${streamId} has a hole`),
    ),
    findingOf(
      'log',
      chain.intact ? `every author's hash chain of ${count(chain.checked, 'event')} verified${single}` : 'hash chain',
      broken,
    ),
    findingOf(
      'log',
      `${count(segments.checked, 'signed segment')} over the events they were signed for`,
      segments.wrong.map((name) => `segment ${name} is of other events`),
    ),
  ];
}

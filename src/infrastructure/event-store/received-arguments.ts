import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { AuthoredEvent, PeerProgress, Receive } from '../../kernel/replication.ts';
import type { SqlValue } from '../postgres/value-types.ts';
import { authoredHash, linkBytes } from './authored-event.ts';

/** The parameters of store.note_peer. */
export const peerArguments = ({ peerNodeId, feed, acked, lastContactMs }: PeerProgress): readonly SqlValue[] => [
  peerNodeId,
  feed?.incarnation ?? null,
  feed?.position ?? null,
  feed === undefined ? null : Buffer.concat([linkBytes(feed.link), linkBytes(feed.proof ?? '')]),
  acked?.incarnation ?? null,
  acked?.seq ?? null,
  acked === undefined ? null : linkBytes(acked.link),
  lastContactMs,
];

const NO_PEER: readonly SqlValue[] = [null, null, null, null, null, null, null, null];

/** Texts that are an element of an SQL array as they are, between quotes. */
const PLAIN = /^[^"\\]*$/;

const textElement = (text: string | null): string =>
  text === null ? 'NULL' : `"${PLAIN.test(text) ? text : text.replaceAll(/["\\]/g, '\\$&')}"`;

/** Canonical JSON holds no control characters, so what `JSON.stringify` escapes of it is what an SQL array wants escaped. */
const jsonElement = (canonical: string): string => JSON.stringify(canonical);

/** The parameters of store.receive that have one element an event, before and behind the links and hashes. */
const FIRST_COLUMNS: readonly ((event: AuthoredEvent) => string | number)[] = [
  ({ nodeId }) => textElement(nodeId),
  ({ incarnation }) => incarnation,
  ({ seq }) => seq,
  ({ hlc }) => hlc,
];
const IDS: typeof FIRST_COLUMNS = [
  ({ id }) => id,
  ({ streamId }) => streamId,
  ({ version }) => version,
  ({ aggregateType }) => textElement(aggregateType),
  ({ type }) => textElement(type),
];
const LAST_COLUMNS: typeof FIRST_COLUMNS = [
  ({ occurredAtMs }) => occurredAtMs,
  ({ recordedAtMs }) => recordedAtMs,
  ({ parkId }) => textElement(parkId),
  ({ correlationId }) => textElement(correlationId),
  ({ causationId }) => textElement(causationId),
  ({ commandId }) => commandId ?? 'NULL',
  ({ appendSize }) => appendSize,
  ({ actor }) => textElement(actor),
  ({ schemaVersion }) => schemaVersion,
];

/** What was received, as it goes to the server; the objects that came are let go. */
export type ReceivedRun = Pick<Receive, 'chain' | 'segment' | 'peer'> & {
  readonly events: number;
  readonly last: number;
  readonly columns: readonly string[];
  readonly links: Buffer;
  readonly hashes: Buffer;
};

/** Payload hashes are computed here from what came, so that a change of it is found. */
export function receivedRun({ events, chain, segment, peer }: Receive): ReceivedRun {
  const columnOf = (valueOf: (event: AuthoredEvent) => string | number): string => events.map(valueOf).join(',');
  const texts = events.map(({ data }) => canonicalJson(data));
  const hashes = events.map((event, index) => authoredHash(event, texts[index]));
  return {
    chain,
    ...(segment && { segment: { header: segment.header, signature: segment.signature } }),
    ...(peer && { peer }),
    events: events.length,
    last: events.at(-1)?.seq ?? 0,
    columns: [
      ...FIRST_COLUMNS.map(columnOf),
      ...IDS.map(columnOf),
      texts.map(jsonElement).join(','),
      ...LAST_COLUMNS.map(columnOf),
    ],
    links: Buffer.concat(events.map(({ link }) => linkBytes(link))),
    hashes: Buffer.concat(hashes),
  };
}

/** The parameters of store.receive, of one run or of several that follow each other. */
export function receiveArguments(runs: readonly ReceivedRun[], nowMs: number): readonly SqlValue[] {
  const [chain, peer] = [runs[0]?.chain ?? null, runs.at(-1)?.peer];
  const columns = (runs[0]?.columns ?? []).map((_, index) => `{${runs.map((run) => run.columns[index]).join(',')}}`);
  const segments = runs.flatMap(({ chain: run, segment, last }) =>
    run === null || segment === undefined ? [] : { first: run.first, last, ...segment },
  );
  return [
    nowMs,
    chain === null ? null : linkBytes(chain.previousLink),
    ...columns.slice(0, FIRST_COLUMNS.length),
    Buffer.concat(runs.map(({ links }) => links)),
    Buffer.concat(runs.map(({ hashes }) => hashes)),
    ...columns.slice(FIRST_COLUMNS.length),
    segments.length === 0 ? null : JSON.stringify(segments),
    null,
    ...(peer === undefined ? NO_PEER : peerArguments(peer)),
  ];
}

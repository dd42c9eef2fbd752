import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { AuthoredEvent, PeerProgress, Receive } from '../../kernel/replication.ts';
import type { SqlValue } from '../postgres/value-types.ts';
import { linkBytes } from './authored-event.ts';
import { payloadHash } from './payload-hash.ts';

/** The parameters of store.note_peer. */
export const peerArguments = ({ peerNodeId, feed, acked, lastContactMs }: PeerProgress): readonly SqlValue[] => [
  peerNodeId,
  feed?.incarnation ?? null,
  feed?.position ?? null,
  feed === undefined ? null : linkBytes(feed.link),
  acked?.incarnation ?? null,
  acked?.seq ?? null,
  acked === undefined ? null : linkBytes(acked.link),
  lastContactMs,
];

const NO_PEER: readonly SqlValue[] = [null, null, null, null, null, null, null, null];

/** The parameters of store.receive; payload hashes are computed here from what came, so that a change of it is found. */
export function receiveArguments({ events, chain, segment, peer }: Receive, nowMs: number): readonly SqlValue[] {
  const column = <Value extends SqlValue>(valueOf: (event: AuthoredEvent) => Value): Value[] => events.map(valueOf);
  const numbers = (valueOf: (event: AuthoredEvent) => number | string): string => `{${events.map(valueOf).join(',')}}`;
  const texts = column(({ data }) => canonicalJson(data));
  const hashes = events.map(({ type, data: _data, ...event }, index) =>
    payloadHash({ ...event, eventType: type, dataText: texts[index] ?? '' }),
  );
  return [
    nowMs,
    chain === null ? null : linkBytes(chain.previousLink),
    column(({ nodeId }) => nodeId),
    `{${events.map(({ incarnation }) => incarnation).join(',')}}`,
    numbers(({ seq }) => seq),
    numbers(({ hlc }) => hlc),
    Buffer.concat(events.map(({ link }) => linkBytes(link))),
    Buffer.concat(hashes),
    `{${events.map(({ id }) => id).join(',')}}`,
    `{${events.map(({ streamId }) => streamId).join(',')}}`,
    numbers(({ version }) => version),
    column(({ aggregateType }) => aggregateType),
    column(({ type }) => type),
    texts,
    numbers(({ occurredAtMs }) => occurredAtMs),
    numbers(({ recordedAtMs }) => recordedAtMs),
    column(({ parkId }) => parkId),
    column(({ correlationId }) => correlationId),
    column(({ causationId }) => causationId),
    column(({ commandId }) => commandId),
    numbers(({ appendSize }) => appendSize),
    column(({ actor }) => actor),
    numbers(({ schemaVersion }) => schemaVersion),
    segment === undefined ? null : JSON.stringify(segment.header),
    segment?.signature ?? null,
    ...(peer === undefined ? NO_PEER : peerArguments(peer)),
  ];
}

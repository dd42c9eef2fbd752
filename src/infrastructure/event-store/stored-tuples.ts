import type { JsonObject, StoredEvent } from '../../kernel/event-store.ts';

/** One JSON document a stream: decoding one document costs Node half of what decoding its rows would. */
export const EVENT_TUPLE = `json_build_array(id, aggregate_id, aggregate_type, event_type, schema_version, event_data, event_version,
  position, park_id, actor, correlation_id, causation_id, coalesce(command_id, origin_command_id), store.to_ms(occurred_at), store.to_ms(created_at), node_id,
  incarnation)`;

type EventTuple = readonly [
  string, string, string, string, number, JsonObject, number, number,
  string | null, string, string, string | null, string | null, number, number, string, string,
]; // prettier-ignore

const toEvent = (tuple: EventTuple): StoredEvent => ({
  id: tuple[0],
  streamId: tuple[1],
  aggregateType: tuple[2],
  type: tuple[3],
  schemaVersion: tuple[4],
  data: tuple[5],
  version: tuple[6],
  position: tuple[7],
  parkId: tuple[8],
  actor: tuple[9],
  correlationId: tuple[10],
  causationId: tuple[11],
  commandId: tuple[12],
  occurredAtMs: tuple[13],
  recordedAtMs: tuple[14],
  nodeId: tuple[15],
  incarnation: tuple[16],
});

export type EventsRow = { readonly events: string };

export const parseEvents = ([row]: readonly EventsRow[]): readonly StoredEvent[] =>
  (JSON.parse(row?.events ?? '[]') as EventTuple[]).map(toEvent);

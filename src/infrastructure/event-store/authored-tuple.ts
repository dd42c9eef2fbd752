import type { JsonObject } from '../../kernel/event-store.ts';
import type { AuthoredEvent } from '../../kernel/replication.ts';

/** An event with its author's envelope, in the order of `AuthoredTuple`. */
const VALUES = [
  'id', 'aggregate_id', 'aggregate_type', 'event_type', 'schema_version', 'event_data', 'coalesce(origin_version, event_version)',
  'park_id', 'actor', 'correlation_id', 'causation_id', 'coalesce(command_id, origin_command_id)', 'store.to_ms(occurred_at)',
  'store.to_ms(created_at)', 'append_size', 'node_id', 'incarnation', 'seq', 'hlc::text', `encode(link, 'hex')`,
]; // prettier-ignore

/** As one JSON array, for the same reason as in postgres-store.ts. */
export const AUTHORED_TUPLE = `json_build_array(${VALUES.join(', ')})`;

/**
 * Many events as one JSON array of an array a value, for `authoredEvents`. The server looks at the type of what it writes once a
 * value, where in a tuple it would once a value of every event.
 */
export const AUTHORED_COLUMNS = `concat('[', concat_ws(',', ${VALUES.map((value) => `json_agg(${value})`).join(', ')}), ']')`;

export type AuthoredTuple = readonly [
  string, string, string, string, number, JsonObject, number, string | null, string, string, string | null,
  string | null, number, number, number, string, string, number, string, string,
]; // prettier-ignore

export const hexLink = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

export const toAuthored = (tuple: AuthoredTuple): AuthoredEvent => ({
  id: tuple[0],
  streamId: tuple[1],
  aggregateType: tuple[2],
  type: tuple[3],
  schemaVersion: tuple[4],
  data: tuple[5],
  version: tuple[6],
  parkId: tuple[7],
  actor: tuple[8],
  correlationId: tuple[9],
  causationId: tuple[10],
  commandId: tuple[11],
  occurredAtMs: tuple[12],
  recordedAtMs: tuple[13],
  appendSize: tuple[14],
  nodeId: tuple[15],
  incarnation: tuple[16],
  seq: tuple[17],
  hlc: tuple[18],
  link: hexLink(tuple[19]),
});

/** The events of `AUTHORED_COLUMNS`, in their order. */
export function authoredEvents(columns: string): readonly AuthoredEvent[] {
  const values = JSON.parse(columns) as readonly (readonly unknown[])[];
  const [ids = []] = values;
  return ids.map((_, index) => toAuthored(values.map((column) => column[index]) as unknown as AuthoredTuple));
}

import { Client } from 'pg';
import { EVENT_TYPE } from '../append/database.ts';
import { exampleData } from '../append/example-event.ts';

/** Events written by one statement. */
const AT_ONCE = 20_000;

/**
 * Writes events straight into the log, each on a stream of its own, with hashes that are none: a million of them through
 * store.append would take minutes, and nothing that is measured here looks at a hash.
 */
export async function fillLog(url: string, events: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`select store.open_node('bench', 'hq')`);
    await client.query(`set skypark.appending = 'yes'`);
    for (let from = 1; from <= events; from += AT_ONCE) {
      const to = Math.min(events, from + AT_ONCE - 1);
      await client.query(
        `insert into store.event (position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at,
           occurred_at, park_id, node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, append_size, actor, schema_version)
         select n, store_id, store_id, 'Bench', $3, $4, 1, now(), now(), 'ala-archa', h.node_id, h.incarnation, n, n,
           sha256(int8send(n)), sha256(int8send(-n)), store_id, 1, 'system', 1
         from store.head h, generate_series($1::bigint, $2::bigint) n
           cross join lateral (select (lpad(to_hex(n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid as store_id) made`,
        [from, to, EVENT_TYPE, JSON.stringify(exampleData)],
      );
    }
    await client.query('update store.head set position = $1, seq = $1, hlc = $1', [events]);
  } finally {
    await client.end();
  }
}

import { mkdtemp, chmod, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeIdentifier, type Client } from 'pg';
import { nextLink, payloadHash } from '../../src/infrastructure/event-store/payload-hash.ts';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { PARK_ID, visitsFrom, type Wrote } from './visits.ts';

/** Rows a COPY, and positions that read models are told of at once. */
const CHUNK = 20_000;

const COLUMNS = `position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at,
  park_id, node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, causation_id, command_id, append_size, actor,
  schema_version`;

type Head = {
  readonly nodeId: string;
  readonly incarnation: string;
  position: number;
  seq: number;
  hlc: bigint;
  link: Buffer;
};

const text = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
const bytes = (value: Buffer): string => `\\\\x${value.toString('hex')}`;

/** Lines of COPY for what a command wrote, behind `head`, which moves on. */
function linesOf(head: Head, versions: Map<string, number>, wrote: Wrote): string {
  const correlationId = ids.next();
  const { atMs, actor, events } = wrote;
  const time = new Date(atMs).toISOString();
  let lines = '';
  for (const [index, { streamId, aggregateType, type, schemaVersion, data }] of events.entries()) {
    const id = ids.next();
    const commandId = index === 0 ? wrote.commandId : null;
    const dataText = canonicalJson(data);
    const names = { id, aggregateType, eventType: type, schemaVersion, parkId: PARK_ID, actor, correlationId };
    const hash = payloadHash({ ...names, dataText, causationId: null, commandId });
    const version = (versions.get(streamId) ?? 0) + 1;
    versions.set(streamId, version);
    head.position += 1;
    head.seq += 1;
    head.hlc = head.hlc + 1n > BigInt(atMs) << 16n ? head.hlc + 1n : BigInt(atMs) << 16n;
    const { incarnation, seq, hlc } = head;
    head.link = nextLink(head.link, { incarnation, seq, streamId, version, hlc, occurredAtMs: atMs }, hash);
    const cells = [
      head.position, id, streamId, aggregateType, type, text(dataText), version, time, time, PARK_ID, head.nodeId, incarnation,
      seq, hlc, bytes(hash), bytes(head.link), correlationId, '\\N', commandId ?? '\\N', events.length, actor, schemaVersion,
    ]; // prettier-ignore
    lines += `${cells.join('\t')}\n`;
  }
  return lines;
}

/** Keeps every read model of the node for the positions, as an append would have. */
async function project(client: Client, from: number, to: number): Promise<void> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    'select schema_name as schema, function_name as name from store.projection',
  );
  for (const { schema, name } of rows) {
    await client.query(`set local search_path = ${escapeIdentifier(schema)}, store, pg_temp`);
    await client.query(`select ${name}(${from}, ${to})`);
  }
  await client.query('reset search_path');
}

async function storeLines(client: Client, file: string, lines: string, head: Head, from: number): Promise<void> {
  const handle = await open(file, 'w', 0o644);
  await handle.writeFile(lines);
  await handle.close();
  await client.query('begin');
  await client.query(`set local skypark.appending = 'yes'`);
  await client.query(`copy store.event (${COLUMNS}) from '${file}'`);
  await client.query('update store.head set position = $1, seq = $2, hlc = $3, link = $4', [
    head.position,
    head.seq,
    String(head.hlc),
    head.link,
  ]);
  await project(client, from, head.position);
  await client.query('commit');
}

/**
 * Writes about `count` events into the log of a park that stands still, as if its appends had: dense, linked and projected. Who
 * reads the log there has read them. With the rights of the tables' owner, on the server's own machine.
 * @returns how many
 */
export async function writeBacklog(
  client: Client,
  count: number,
  startMs: number,
  say: (line: string) => void,
): Promise<number> {
  const folder = await mkdtemp('/var/tmp/skypark-bench-backlog-');
  await chmod(folder, 0o755);
  const found = await client.query<{
    node_id: string;
    incarnation: string;
    position: string;
    seq: string;
    hlc: string;
    link: Buffer;
  }>('select node_id, incarnation, position, seq, hlc, link from store.head');
  const [row] = found.rows;
  if (row === undefined) throw new Error('the log of the park was never opened');
  const { node_id: nodeId, incarnation, link } = row;
  const head: Head = {
    nodeId,
    incarnation,
    link,
    position: Number(row.position),
    seq: Number(row.seq),
    hlc: BigInt(row.hlc),
  };
  const before = head.seq;
  const versions = new Map<string, number>();
  let [lines, from] = ['', head.position + 1];
  const flush = async (): Promise<void> => {
    await storeLines(client, join(folder, 'rows.txt'), lines, head, from);
    [lines, from] = ['', head.position + 1];
    say(`  backlog: ${head.seq - before} events`);
  };
  try {
    for await (const wrote of visitsFrom(startMs)) {
      lines += linesOf(head, versions, wrote);
      if (head.position - from >= CHUNK) await flush();
      if (head.seq - before >= count) break;
    }
    if (lines !== '') await flush();
    await client.query('update store.subscription set position = $1', [head.position]);
    return head.seq - before;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { compareProjection } from '../../infrastructure/event-store/compare-projection.ts';
import { payloadHash } from '../../infrastructure/event-store/payload-hash.ts';
import { verifyChain } from '../../infrastructure/event-store/verify-chain.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { statement, type Session } from '../../infrastructure/postgres/session.ts';
import { assert } from '../../kernel/assert.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { JsonObject } from '../../kernel/event-store.ts';
import { auditProjection } from '../../modules/office/persistence/audit.ts';
import type { Command } from './command.ts';
import { count } from './finding.ts';

/** An act of staff as it is exported: the event in full, so that its hash can be made anew, and its link in the chain. */
type Exported = {
  readonly position: number;
  readonly at: string;
  readonly id: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly event_type: string;
  readonly schema_version: number;
  readonly event_data: JsonObject;
  readonly park_id: string | null;
  readonly actor: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly command_id: string | null;
  readonly hash: string;
  readonly link: string;
};
/** The last line of an export: how far the log was, and the link that all before it hangs on. */
type Head = { readonly head: number; readonly link: string };

const COLUMNS = `e.position, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.id, e.aggregate_type,
  e.aggregate_id, e.event_type, e.schema_version, e.event_data, e.park_id, e.actor, e.correlation_id, e.causation_id,
  coalesce(e.command_id, e.origin_command_id) as command_id, encode(e.payload_hash, 'hex') as hash, encode(e.link, 'hex') as link`;
const TRAIL = statement(
  'cli.audit-trail',
  `select ${COLUMNS} from office.audit a join store.event e using (position)
   where a.position > $1 and a.position <= $2 order by a.position limit $3`,
);
const HEAD = statement(
  'cli.audit-head',
  `select e.position as head, encode(e.link, 'hex') as link from store.event e join store.head h on e.position = h.position`,
);
const LINKS = statement(
  'cli.audit-links',
  `select position, encode(link, 'hex') as link from store.event where position = any($1::bigint[])`,
);
const PAGE = 1_000;

async function headOf(database: Pick<Session, 'rows'>): Promise<Head> {
  const [head] = await database.rows<Head>(HEAD, []);
  return head ?? { head: 0, link: '' };
}

async function exportTrail(database: Database, after: number, say: (line: string) => void): Promise<void> {
  const head = await headOf(database);
  for (let position = after; ;) {
    const acts = await database.rows<Exported>(TRAIL, [position, head.head, PAGE]);
    for (const act of acts) say(JSON.stringify(act));
    position = acts.at(-1)?.position ?? position;
    if (acts.length < PAGE) break;
  }
  say(JSON.stringify(head));
}

/** @throws when a line is neither an act nor a head */
function lineOf(text: string): Exported | Head {
  const line = JSON.parse(text) as Exported | Head;
  assert(
    typeof line === 'object' && line !== null && ('head' in line || 'event_data' in line),
    `no line of a trail: ${text}`,
  );
  return line;
}

const hashOf = (act: Exported): string =>
  payloadHash({
    id: act.id,
    aggregateType: act.aggregate_type,
    eventType: act.event_type,
    schemaVersion: act.schema_version,
    dataText: canonicalJson(act.event_data),
    parkId: act.park_id,
    actor: act.actor,
    correlationId: act.correlation_id,
    causationId: act.causation_id,
    commandId: act.command_id,
  }).toString('hex');

/** What of an export is not in the log any more, or says something else than its hash. */
async function faultsOfExport(database: Pick<Session, 'rows'>, file: string): Promise<readonly string[]> {
  const faults: string[] = [];
  const lines: { readonly position: number; readonly link: string }[] = [];
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    if (text.trim() === '') continue;
    const line = lineOf(text);
    if ('event_data' in line && hashOf(line) !== line.hash)
      faults.push(`${file}: the act at ${line.position} was changed`);
    const position = 'head' in line ? line.head : line.position;
    if (position > 0) lines.push({ position, link: line.link });
  }
  for (let at = 0; at < lines.length; at += PAGE) {
    const some = lines.slice(at, at + PAGE);
    const rows = await database.rows<{ position: number; link: string }>(LINKS, [some.map(({ position }) => position)]);
    const links = new Map(rows.map(({ position, link }) => [position, link]));
    for (const { position, link } of some) {
      if (links.get(position) !== link) {
        faults.push(
          `at position ${position} the log ${links.has(position) ? 'holds something else' : 'ends before it'} than was exported`,
        );
      }
    }
  }
  return faults;
}

/** All that is wrong with the trail: its chain, its rows beside the log, and what was exported before. */
async function verifyTrail(database: Database, file: string | null, say: (line: string) => void): Promise<boolean> {
  const faults: string[] = [];
  const chain = await database.exclusive((connection) => verifyChain(connection));
  if (!chain.intact) faults.push(`at position ${chain.position} the chain is broken: ${chain.fault}`);
  const { rows, differing } = await compareProjection(database, auditProjection);
  if (differing > 0)
    faults.push(`${count(differing, 'row')} of the trail ${differing === 1 ? 'is' : 'are'} not what the log says`);
  if (file !== null) faults.push(...(await faultsOfExport(database, file)));
  for (const fault of faults) say(`BROKEN  ${fault}`);
  if (faults.length > 0) return false;
  const checked = chain.intact ? chain.checked : 0;
  say(`${count(rows, 'act')} of staff stand in a chain of ${count(checked, 'event')} that nobody changed.`);
  return true;
}

export const auditCommands: readonly Command[] = [
  {
    words: 'audit export',
    operands: [{ name: 'AFTER', pattern: /^\d{1,15}$/, isOptional: true }],
    meaning: 'what staff did, a line of JSON each with its hash and link, and the head of the log; keep it elsewhere',
    run: ({ operands: [after = '0'] }, { say, withDatabase }) =>
      withDatabase(async (database) => {
        await exportTrail(database, Number(after), say);
        return 0;
      }),
  },
  {
    words: 'audit verify',
    operands: [{ name: 'FILE', isOptional: true }],
    meaning:
      'whether the trail is what the chained log says and, with an export, whether the log still is what it was then',
    run: ({ operands: [file = null] }, { say, withDatabase }) =>
      withDatabase(async (database) => ((await verifyTrail(database, file, say)) ? 0 : 1)),
  },
];

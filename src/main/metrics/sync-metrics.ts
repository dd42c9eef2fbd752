import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../kernel/time.ts';
import type { NodesModule } from '../../modules/nodes/module.ts';
import type { News } from '../../sync/headquarters/ports.ts';
import type { SyncState } from '../../sync/park/ports.ts';
import { createReading, showReading } from './readings.ts';

type Setting = { readonly metrics: Registry; readonly log: Logger };

/** Counts and tells what nodes of parks were answered. */
export function createSyncWatch({ metrics, log }: Setting): { readonly onSyncNews: (news: News) => void } {
  const registers = [metrics];
  const calls = new Counter({
    name: 'skypark_sync_calls_total',
    help: 'Calls of nodes of parks, by node, step and verdict',
    labelNames: ['node', 'step', 'verdict'],
    registers,
  });
  const received = new Counter({
    name: 'skypark_sync_received_events_total',
    help: 'Events of nodes of parks that were new',
    labelNames: ['node'],
    registers,
  });
  const quarantined = new Counter({
    name: 'skypark_sync_quarantined_total',
    help: 'Segments of nodes of parks that were kept for a person to look at; a segment sent again counts again',
    labelNames: ['node'],
    registers,
  });
  return {
    onSyncNews({ nodeId: node, step, verdict, trouble, stored = 0, isQuarantined = false }) {
      calls.inc({ node, step, verdict });
      received.inc({ node }, stored);
      if (isQuarantined) quarantined.inc({ node });
      if (trouble !== null) log.warn({ node, step, verdict, trouble }, 'a node of a park is in trouble');
    },
  };
}

/** Shows how each node of a park stands, as it was heard last, and whether headquarters was set back and may not sell for them. */
export function showNodes(
  metrics: Registry,
  clock: Clock,
  nodes: Pick<NodesModule, 'listNodes' | 'sellingFence'>,
): void {
  const pace = { clock, freshMs: 5000, limitMs: 1500 };
  const read = createReading(
    async () => (await nodes.listNodes()).filter(({ node }) => node.status === 'enrolled'),
    pace,
  );
  showReading(
    metrics,
    {
      name: 'skypark_headquarters_set_back',
      help: '1 while headquarters, which was set back, sells nothing for parks with a node of their own',
    },
    createReading(async () => {
      const isHeldBack = (await nodes.sellingFence.isUp()) && ((await read()) ?? []).length > 0;
      return [{ labels: {}, value: Number(isHeldBack) }];
    }, pace),
  );
  showReading(
    metrics,
    {
      name: 'skypark_node_program',
      help: '1 for the program of each node of a park; same_events: whether it knows the same events as headquarters',
      labelNames: ['node', 'park', 'version', 'protocol', 'same_events'],
    },
    async () => ((await read()) ?? []).flatMap(programOf),
  );
  type Line = Awaited<ReturnType<typeof nodes.listNodes>>[number];
  const show = (name: string, help: string, valueOf: (line: Line) => number | null): void =>
    showReading(metrics, { name, help, labelNames: ['node', 'park'] }, async () =>
      ((await read()) ?? []).flatMap((line) => {
        const value = valueOf(line);
        return value === null ? [] : [{ labels: { node: line.node.nodeId, park: line.node.parkId }, value }];
      }),
    );
  for (const [{ name, help }, valueOf] of NODE_GAUGES) {
    show(name, help, (line) => valueOf({ ...line, nowMs: clock.now() }));
  }
}

/** What a node said of its program when it was heard last; nothing before that. */
function programOf({ node: { nodeId: node, parkId: park }, contact }: Omit<Seen, 'nowMs'>) {
  if (contact === null) return [];
  const { appVersion: version, protocol, knowsSameTypes } = contact;
  const same = knowsSameTypes ? 'yes' : 'no';
  return [{ labels: { node, park, version, protocol: String(protocol), same_events: same }, value: 1 }];
}

type Seen = Awaited<ReturnType<NodesModule['listNodes']>>[number] & { readonly nowMs: number };

const NODE_GAUGES: readonly (readonly [
  { readonly name: string; readonly help: string },
  (seen: Seen) => number | null,
])[] = [
  [
    { name: 'skypark_node_silent_seconds', help: 'Since a node of a park was heard, or enrolled' },
    ({ node, contact, nowMs }) => Math.max(0, nowMs - (contact?.atMs ?? node.enrolledAtMs ?? nowMs)) / 1000,
  ],
  [
    { name: 'skypark_node_backlog_events', help: 'Events of a node of a park that headquarters does not have yet' },
    ({ contact }) => (contact === null ? null : Math.max(0, contact.headSeq - contact.acceptedSeq)),
  ],
  [
    { name: 'skypark_node_feed_lag_events', help: 'How far a node of a park is behind with what headquarters wrote' },
    ({ contact }) => contact?.feedLag ?? null,
  ],
  [
    { name: 'skypark_node_clock_offset_seconds', help: 'How far the clock of a node of a park is ahead' },
    ({ contact }) => (contact === null ? null : contact.clockOffsetMs / 1000),
  ],
  [
    {
      name: 'skypark_node_trouble',
      help: '1 while a node of a park is not served, or something is wrong with its log',
    },
    ({ contact }) => (contact === null ? null : Number(contact.verdict !== 'ok' || contact.trouble !== null)),
  ],
  [
    { name: 'skypark_node_quarantined_segments', help: 'Segments of a node of a park that a person has to look at' },
    ({ quarantined }) => quarantined,
  ],
  [
    {
      name: 'skypark_node_quarantine_full',
      help: '1 while so many segments of a node wait for a person that nothing more of it is kept',
    },
    ({ isQuarantineFull }) => Number(isQuarantineFull),
  ],
  [
    { name: 'skypark_node_keys', help: 'Keys by which a node of a park is believed: two while it changes its key' },
    ({ node }) => node.keys.filter(({ until }) => until === null).length,
  ],
  [
    { name: 'skypark_node_parked_events', help: 'Events that a node of a park could not handle, as it told last' },
    ({ contact }) => contact?.parked.reduce((sum, { events }) => sum + events, 0) ?? null,
  ],
];

/** Shows at a park how it stands with headquarters. */
export function createParkWatch({ metrics, log }: Setting): (state: SyncState) => void {
  let seen: SyncState | null = null;
  const gauge = (name: string, help: string, valueOf: (state: SyncState) => number | null): void =>
    void new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        const value = seen === null ? null : valueOf(seen);
        if (value !== null) this.set(value);
      },
    });
  for (const [{ name, help }, valueOf] of PARK_GAUGES) gauge(name, help, valueOf);
  return (state) => {
    const isNew = state.verdict !== seen?.verdict || state.trouble !== seen.trouble;
    seen = state;
    if (!isNew) return;
    if (state.verdict === 'ok' && state.trouble === null) log.info('headquarters takes what this node writes');
    else
      log.warn({ verdict: state.verdict, trouble: state.trouble }, 'headquarters does not take what this node writes');
  };
}

const PARK_GAUGES: readonly (readonly [
  { readonly name: string; readonly help: string },
  (state: SyncState) => number | null,
])[] = [
  [
    { name: 'skypark_headquarters_contact_timestamp_seconds', help: 'When headquarters answered last, since 1970' },
    ({ lastContactMs }) => (lastContactMs === null ? null : lastContactMs / 1000),
  ],
  [
    { name: 'skypark_headquarters_backlog_events', help: 'Own events that headquarters does not have yet' },
    ({ backlog }) => backlog,
  ],
  [
    { name: 'skypark_headquarters_clock_offset_seconds', help: 'How far the clock of headquarters is ahead' },
    ({ clockOffsetMs }) => (clockOffsetMs === null ? null : clockOffsetMs / 1000),
  ],
  [
    { name: 'skypark_headquarters_trouble', help: '1 while headquarters does not take what this node writes' },
    ({ verdict, trouble }) => Number(verdict !== 'ok' || trouble !== null),
  ],
];

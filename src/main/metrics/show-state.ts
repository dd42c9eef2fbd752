import type { Registry } from 'prom-client';
import type { Backlog } from '../../kernel/backlog.ts';
import type { BackupState } from '../../infrastructure/event-store/backups.ts';
import type { ParkedEvents } from '../../infrastructure/event-store/parked-events.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Config } from '../config.ts';
import type { DomainModules } from '../wiring/tools.ts';
import { showNodes } from './sync-metrics.ts';
import { createReading, showReading, type Pace, type Values } from './readings.ts';

const FRESH_MS = 5000;
const LIMIT_MS = 1500;

type Setting = {
  readonly config: Pick<Config, 'node'>;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly store: Pick<EventStore, 'headPosition'>;
  readonly parkedEvents: Pick<ParkedEvents, 'counts'>;
  readonly backups: () => Promise<BackupState>;
  readonly modules: Pick<
    DomainModules,
    'admission' | 'booking' | 'fiscal' | 'nodes' | 'notify' | 'office' | 'park' | 'payment'
  >;
};

/** Shows how things stand in the database; every process shows the same, so rules take the greatest. */
export function showState({ config, metrics, clock, store, parkedEvents, backups, modules }: Setting): void {
  const pace: Pace = { clock, freshMs: FRESH_MS, limitMs: LIMIT_MS };
  showQueues(metrics, clock, pace, {
    messages: modules.notify.messageBacklog,
    fiscal_receipts: modules.fiscal.receiptBacklog,
    webhooks_out: modules.office.deliveryBacklog,
    webhooks_in: modules.payment.webhookBacklog,
  });
  showBackups(metrics, clock, pace, backups);
  // A park hears of other nodes, but not from them.
  if (config.node.role === 'hq') showNodes(metrics, clock, modules.nodes);
  showReading(
    metrics,
    { name: 'skypark_holds', help: 'Tickets held and not paid for; overdue ones count as free', labelNames: ['state'] },
    createReading(async () => byName('state', await modules.booking.countHolds()), pace),
  );
  const people = createReading(async (): Promise<Values> => {
    const parks = await modules.park.catalogue.all();
    const inside = await modules.admission.occupancy(parks.map(({ parkId }) => parkId));
    return parks.map(({ parkId }, index) => ({ labels: { park: parkId }, value: inside[index] ?? 0 }));
  }, pace);
  showReading(
    metrics,
    { name: 'skypark_people_inside', help: 'People inside each park now', labelNames: ['park'] },
    people,
  );
  showReading(
    metrics,
    {
      name: 'skypark_parked_events',
      help: 'Events that a subscription could not handle',
      labelNames: ['subscription'],
    },
    createReading(async () => byName('subscription', await parkedEvents.counts()), pace),
  );
  showReading(
    metrics,
    { name: 'skypark_log_position', help: 'Position of the newest event of the log' },
    createReading(async () => [{ labels: {}, value: await store.headPosition() }], pace),
  );
}

const byName = (label: string, counts: Readonly<Record<string, number>>): Values =>
  Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));

function showQueues(
  metrics: Registry,
  clock: Clock,
  pace: Pace,
  queues: Readonly<Record<string, () => Promise<Backlog>>>,
): void {
  const read = createReading(
    () => Promise.all(Object.entries(queues).map(async ([queue, backlog]) => ({ queue, ...(await backlog()) }))),
    pace,
  );
  const labelNames = ['queue'];
  showReading(
    metrics,
    { name: 'skypark_queue_waiting', help: 'Messages that are still to be sent or applied', labelNames },
    async () => (await read())?.map(({ queue, waiting }) => ({ labels: { queue }, value: waiting })) ?? null,
  );
  showReading(
    metrics,
    {
      name: 'skypark_queue_oldest_seconds',
      help: 'Age of the oldest message of a queue; 0 when none waits',
      labelNames,
    },
    async () =>
      (await read())?.map(({ queue, oldestAtMs }) => ({
        labels: { queue },
        value: oldestAtMs === null ? 0 : Math.max(0, clock.now() - oldestAtMs) / 1000,
      })) ?? null,
  );
}

function showBackups(metrics: Registry, clock: Clock, pace: Pace, backups: () => Promise<BackupState>): void {
  const read = createReading(backups, pace);
  const ageOf = (atMs: number): number => Math.max(0, clock.now() - atMs) / 1000;
  showReading(
    metrics,
    {
      name: 'skypark_backup_age_seconds',
      help: 'Since the last base backup and the last list of erasures; nothing of what never succeeded',
      labelNames: ['kind'],
    },
    async () => {
      const state = await read();
      return Object.entries(state?.madeAtMs ?? {}).map(([kind, atMs]) => ({ labels: { kind }, value: ageOf(atMs) }));
    },
  );
  showReading(
    metrics,
    {
      name: 'skypark_archive_age_seconds',
      help: 'Since a piece of the log of PostgreSQL was archived; nothing where it is not to be',
    },
    async () => {
      const archivedAtMs = (await read())?.archivedAtMs ?? null;
      return archivedAtMs === null ? null : [{ labels: {}, value: ageOf(archivedAtMs) }];
    },
  );
}

import { randomBytes } from 'node:crypto';
import type { EventStore } from '../../kernel/event-store.ts';
import type { CacheTopic, ReadCache } from '../../kernel/read-cache.ts';
import type { Wakeups } from '../event-store/wakeups.ts';
import type { Entries } from './entries.ts';
import { OwnSpans } from './own-spans.ts';
import { TopicVersions } from './topic-versions.ts';

export type EventCacheHost = {
  /** Of this process. */
  readonly entries: Entries;
  /** Those that processes share, for the topics that say so; `entries` when absent. */
  readonly sharedEntries?: Entries;
  readonly topics: readonly CacheTopic[];
  /** Milliseconds that only rise. */
  readonly monotonicMs: () => number;
  readonly onError: (error: unknown) => void;
  readonly onAsked?: (topic: string, isKept: boolean) => void;
};

type Log = Pick<EventStore, 'read' | 'headPosition'>;

export type EventCache = ReadCache & {
  /** The store of this process, seen through: what it stores makes the answers that it changes unknown at once. */
  watching<Store extends EventStore>(store: Store): Store;
  /** Begins to follow the log; before that nothing is kept. */
  start(log: Log, wakeups: Pick<Wakeups, 'next'>): { stop(): Promise<void> };
};

const BATCH = 500;
const POLL_MS = 500;
/** A process that has not seen the log for so long keeps nothing and asks each time. */
const BLIND_MS = 2000;

/**
 * A cache that follows the log. What this process stores itself is seen at once, what others store within milliseconds, at
 * most {@link BLIND_MS}: whoever cannot see the log that long answers nothing from the cache.
 */
export function createEventCache(host: EventCacheHost): EventCache {
  const { entries, sharedEntries = entries, topics, monotonicMs, onError, onAsked } = host;
  const versions = new TopicVersions(topics);
  const own = new OwnSpans();
  const loading = new Map<string, Promise<unknown>>();
  let seenAtMs = Number.NEGATIVE_INFINITY;

  async function keptOrLoaded<Value>(topic: CacheTopic, name: string, load: () => Promise<Value>): Promise<Value> {
    const among = topic.isShared ? sharedEntries : entries;
    const kept = await among.get(name);
    onAsked?.(topic.name, kept !== undefined);
    if (kept !== undefined) return kept as Value;
    const value = await load();
    await among.put(name, value);
    return value;
  }

  return {
    async through<Value>(topic: CacheTopic, parkId: string | null, key: string, load: () => Promise<Value>) {
      if (monotonicMs() - seenAtMs > BLIND_MS) return load();
      // Read before the answer is: whatever changes meanwhile belongs to a later version.
      const name = `${topic.name}/${parkId ?? ''}/${key}@${versions.of(topic.name, parkId)}${versions.era}`;
      const underWay = loading.get(name);
      if (underWay !== undefined) return underWay as Promise<Value>;
      const answer = keptOrLoaded(topic, name, load).finally(() => loading.delete(name));
      loading.set(name, answer);
      return answer;
    },
    watching: (store) => ({
      ...store,
      async append(append) {
        const outcome = await store.append(append);
        if (outcome.outcome === 'stored') {
          versions.noteAppend(append, outcome.lastPosition);
          own.add(outcome.firstPosition, outcome.lastPosition);
        }
        return outcome;
      },
    }),
    start(log, wakeups) {
      const stopping = new AbortController();
      const onSeen = (atMs: number): void => {
        seenAtMs = atMs;
      };
      const following = follow({
        log,
        wakeups,
        versions,
        own,
        monotonicMs,
        onError,
        onSeen,
        stopping: stopping.signal,
      });
      return {
        async stop() {
          stopping.abort();
          await following;
        },
      };
    },
  };
}

type Following = Pick<EventCacheHost, 'monotonicMs' | 'onError'> & {
  readonly log: Log;
  readonly wakeups: Pick<Wakeups, 'next'>;
  readonly versions: TopicVersions;
  readonly own: OwnSpans;
  /** Told when everything of before some moment was seen. */
  readonly onSeen: (atMs: number) => void;
  readonly stopping: AbortSignal;
};

async function follow(following: Following): Promise<void> {
  const { log, wakeups, versions, own, monotonicMs, onError, onSeen, stopping } = following;
  let position: number | null = null;
  /** @returns whether there may be more */
  async function look(): Promise<boolean> {
    const atMs = monotonicMs();
    const head = await log.headPosition();
    if (position === null || head < position) {
      // A log that is shorter than it was is another one: a replica that took over, or a restored one.
      versions.startAt(head, position === null ? '' : `+${randomBytes(6).toString('base64url')}`);
      position = head;
      own.clear();
    }
    position = own.pass(position, head);
    const events = head > position ? await log.read(position, BATCH, versions.eventTypes) : [];
    versions.noteEvents(events);
    const isAll = events.length < BATCH;
    position = isAll ? Math.max(position, head) : (events.at(-1)?.position ?? position);
    if (isAll) onSeen(atMs);
    return !isAll;
  }
  while (!stopping.aborted) {
    const woken = wakeups.next(POLL_MS);
    try {
      if (await look()) continue;
    } catch (error) {
      // Another server may answer from now on, whose log holds less.
      own.clear();
      onError(error);
    }
    await woken;
  }
}

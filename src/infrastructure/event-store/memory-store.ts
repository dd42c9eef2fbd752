import { canonicalJson } from '../../kernel/canonical-json.ts';
import type {
  Append,
  AppendOutcome,
  EventStore,
  ExpectedVersion,
  JsonObject,
  PositionSpan,
  StoredEvent,
  StreamSlice,
} from '../../kernel/event-store.ts';
import type { ReplicationLog } from '../../kernel/replication.ts';
import { checkAppend } from './check-append.ts';
import { MemoryLog, type MemoryLogOptions } from './memory-log.ts';
import { MemoryReplicationLog } from './memory-replication.ts';

const meets = (expected: ExpectedVersion, version: number): boolean =>
  expected === 'any' ||
  (expected === 'none' ? version === 0 : expected === 'exists' ? version > 0 : version === expected);

const claimName = (scope: string, key: string): string => JSON.stringify([scope, key]);

/** What an accepted append would change besides the log. */
type Effects = { readonly balances: ReadonlyMap<string, number>; readonly holders: ReadonlyMap<string, string | null> };

/** A copy nobody else holds; what cannot be stored is refused as PostgreSQL's store refuses it. */
const copyOf = (data: JsonObject): JsonObject => JSON.parse(canonicalJson(data)) as JsonObject;

class MemoryEventStore implements EventStore {
  readonly #log: MemoryLog;
  readonly #counters = new Map<string, number>();
  readonly #claims = new Map<string, string>();
  readonly #notStored = new WeakSet<object>();

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  get nodeId(): string {
    return this.#log.nodeId;
  }

  async append(append: Append): Promise<AppendOutcome> {
    let isStored = false;
    try {
      const outcome = this.#decide(append);
      isStored = outcome.outcome === 'stored';
      return outcome;
    } finally {
      if (append.chain && !isStored) this.#notStored.add(append.chain.token);
    }
  }

  async load(streamId: string, afterVersion = 0, limit = Infinity): Promise<StreamSlice> {
    const events = (this.#log.streams.get(streamId) ?? []).slice(afterVersion, afterVersion + limit);
    return { version: events.at(-1)?.version ?? afterVersion, events };
  }

  async read(afterPosition: number, limit: number, types?: readonly string[]): Promise<readonly StoredEvent[]> {
    const { rows } = this.#log;
    if (types === undefined) return rows.slice(afterPosition, afterPosition + limit).map(({ stored }) => stored);
    return rows
      .slice(afterPosition)
      .map(({ stored }) => stored)
      .filter(({ type }) => types.includes(type))
      .slice(0, limit);
  }

  async headPosition(): Promise<number> {
    return this.#log.rows.length;
  }

  async balances(accounts: readonly string[]): Promise<readonly number[]> {
    return accounts.map((account) => this.#counters.get(account) ?? 0);
  }

  async ownerOf(scope: string, key: string): Promise<string | null> {
    return this.#claims.get(claimName(scope, key)) ?? null;
  }

  async findCommand(commandId: string): Promise<PositionSpan | null> {
    return this.#log.commands.get(commandId) ?? null;
  }

  #decide(append: Append): AppendOutcome {
    checkAppend(append);
    const copy = {
      ...append,
      streams: append.streams.map((stream) => ({
        ...stream,
        events: stream.events.map((event) => ({ ...event, data: copyOf(event.data) })),
      })),
    };
    const answered = this.#known(append) ?? this.#orphaned(append) ?? this.#conflict(append);
    if (answered !== null) return answered;
    const effects = this.#effects(append);
    if ('outcome' in effects) return effects;
    this.#apply(effects);
    return this.#write(copy);
  }

  #known({ commandId, streams }: Append): AppendOutcome | null {
    const span = commandId === undefined ? undefined : this.#log.commands.get(commandId);
    if (span !== undefined) return { outcome: 'already_stored', ...span };
    const events = streams.flatMap(({ streamId, events: own }) => own.map(({ id }) => ({ streamId, id })));
    const stored = events.flatMap(({ id }) => this.#log.eventIds.get(id) ?? []);
    if (stored.length === 0) return null;
    const positions = stored.map(({ position }) => position);
    const firstPosition = Math.min(...positions);
    const lastPosition = Math.max(...positions);
    const isSame = events.every(({ streamId, id }) => this.#log.eventIds.get(id)?.streamId === streamId);
    return isSame && lastPosition - firstPosition === events.length - 1
      ? { outcome: 'already_stored', firstPosition, lastPosition }
      : { outcome: 'id_reused' };
  }

  #orphaned({ chain, streams }: Append): AppendOutcome | null {
    const isOrphan = chain?.after.some((token) => this.#notStored.has(token)) ?? false;
    return isOrphan ? { outcome: 'version_conflict', streamId: streams[0]?.streamId ?? '', actualVersion: 0 } : null;
  }

  #conflict({ streams }: Append): AppendOutcome | null {
    for (const { streamId, expected } of streams) {
      const actualVersion = this.#log.streams.get(streamId)?.length ?? 0;
      if (!meets(expected, actualVersion)) return { outcome: 'version_conflict', streamId, actualVersion };
    }
    return null;
  }

  #effects({ transfers = [], claims = [] }: Append): Effects | AppendOutcome {
    const balances = new Map<string, number>();
    const balanceOf = (account: string): number => balances.get(account) ?? this.#counters.get(account) ?? 0;
    for (const { from, to, amount, overdraws } of transfers) {
      if (from !== null) {
        if (overdraws !== true && balanceOf(from) < amount) {
          return { outcome: 'insufficient', account: from, available: Math.max(0, this.#counters.get(from) ?? 0) };
        }
        balances.set(from, balanceOf(from) - amount);
      }
      if (to !== null) balances.set(to, balanceOf(to) + amount);
    }
    const holders = new Map<string, string | null>();
    for (const { scope, key, owner } of claims) {
      const name = claimName(scope, key);
      const holder = holders.has(name) ? (holders.get(name) ?? null) : (this.#claims.get(name) ?? null);
      if (owner !== null && holder !== null && holder !== owner) return { outcome: 'claimed', scope, key };
      holders.set(name, owner);
    }
    return { balances, holders };
  }

  #apply({ balances, holders }: Effects): void {
    for (const [account, balance] of balances) this.#counters.set(account, balance);
    for (const [name, owner] of holders) {
      if (owner === null) this.#claims.delete(name);
      else this.#claims.set(name, owner);
    }
  }

  #write({ streams, context, commandId }: Append): AppendOutcome {
    const firstPosition = this.#log.rows.length + 1;
    const recordedAtMs = this.#log.clock.now();
    const appendSize = streams.reduce((sum, { events }) => sum + events.length, 0);
    for (const { streamId, aggregateType, events } of streams) {
      for (const event of events) {
        this.#log.write({
          ...event,
          streamId,
          aggregateType,
          parkId: context.parkId ?? null,
          actor: context.actor,
          correlationId: context.correlationId,
          causationId: context.causationId ?? null,
          commandId: this.#log.rows.length + 1 === firstPosition ? (commandId ?? null) : null,
          occurredAtMs: context.occurredAtMs,
          recordedAtMs,
          appendSize,
        });
      }
    }
    const span: PositionSpan = { firstPosition, lastPosition: this.#log.rows.length };
    if (commandId !== undefined) this.#log.commands.set(commandId, span);
    return { outcome: 'stored', ...span };
  }
}

export type MemoryNode = { readonly store: EventStore; readonly replication: ReplicationLog };

/** The log of a node in memory, as its own program and as other nodes see it. */
export function createMemoryNode(options: MemoryLogOptions): MemoryNode {
  const log = new MemoryLog(options);
  return { store: new MemoryEventStore(log), replication: new MemoryReplicationLog(log) };
}

/** The twin of the PostgreSQL store: the same answers from memory, for simulation and for tests of decisions. */
export const createMemoryEventStore = (options: MemoryLogOptions): EventStore => createMemoryNode(options).store;

import { randomUUID } from 'node:crypto';
import { stampOfMs, tick, witness, type HybridStamp } from '../../kernel/crdt/hybrid-clock.ts';
import type { JsonObject, PositionSpan, StoredEvent } from '../../kernel/event-store.ts';
import type { Author, AuthoredEvent, LogHead, LogPlace } from '../../kernel/replication.ts';
import type { Clock } from '../../kernel/time.ts';
import { authoredLink, BEGINNING } from './authored-event.ts';

/** What an event written here brings along; the log gives it the rest. */
export type OwnEvent = Omit<StoredEvent, 'version' | 'position' | 'nodeId' | 'incarnation'> & {
  readonly data: JsonObject;
  readonly appendSize: number;
};

export type MemoryRow = {
  readonly stored: StoredEvent;
  readonly authored: AuthoredEvent;
  readonly isReceived: boolean;
};

export type HeldAuthor = Author & {
  /** Everything from 1 to here is held, as one chain. */
  readonly wholeTo: number;
};

export type MemoryLogOptions = {
  readonly clock: Clock;
  /** Default `hq`. */
  readonly nodeId?: string;
  /** Makes the ids of incarnations; random ones when absent. */
  readonly newIncarnation?: () => string;
};

export const commandName = ({ incarnation, commandId }: AuthoredEvent): string => `${incarnation}/${commandId}`;

/** The rows of one node in memory, shared by its event store and its replication log. */
export class MemoryLog {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly rows: MemoryRow[] = [];
  readonly streams = new Map<string, StoredEvent[]>();
  readonly eventIds = new Map<string, StoredEvent>();
  readonly commands = new Map<string, PositionSpan>();
  /** Commands by incarnation. */
  readonly authoredCommands = new Set<string>();
  /** Other incarnations than the current one. */
  readonly authors = new Map<string, HeldAuthor>();
  readonly #newIncarnation: () => string;
  readonly #places = new Map<string, Map<number, MemoryRow>>();
  #place: LogPlace;
  #hlc: HybridStamp = stampOfMs(0);

  constructor({ clock, nodeId = 'hq', newIncarnation = randomUUID }: MemoryLogOptions) {
    this.clock = clock;
    this.nodeId = nodeId;
    this.#newIncarnation = newIncarnation;
    this.#place = { incarnation: newIncarnation(), seq: 0, link: BEGINNING };
  }

  get head(): LogHead {
    return { nodeId: this.nodeId, ...this.#place, hlc: String(this.#hlc), position: this.rows.length };
  }

  rowOf(incarnation: string, seq: number): MemoryRow | undefined {
    return this.#places.get(incarnation)?.get(seq);
  }

  /** Stores an event of this node. */
  write({ appendSize, ...event }: OwnEvent): StoredEvent {
    this.#hlc = tick(this.#hlc, event.recordedAtMs);
    const unlinked: AuthoredEvent = {
      ...event,
      version: this.#versionOf(event.streamId) + 1,
      appendSize,
      nodeId: this.nodeId,
      incarnation: this.#place.incarnation,
      seq: this.#place.seq + 1,
      hlc: String(this.#hlc),
      link: this.#place.link,
    };
    const authored = { ...unlinked, link: authoredLink(unlinked, this.#place.link) };
    this.#place = { incarnation: authored.incarnation, seq: authored.seq, link: authored.link };
    return this.#store(authored, false);
  }

  /** Stores an event of another node, or of this one in a former life. */
  take(event: AuthoredEvent): void {
    this.#hlc = witness(this.#hlc, BigInt(event.hlc), this.clock.now()).last;
    const { position } = this.#store(event, true);
    const { commandId, nodeId, appendSize } = event;
    // What this node did in a former life is done; another node's command is none of its own.
    if (commandId === null || nodeId !== this.nodeId || this.commands.has(commandId)) return;
    this.commands.set(commandId, { firstPosition: position, lastPosition: position + appendSize - 1 });
  }

  openIncarnation(): void {
    const { incarnation, seq, link } = this.#place;
    const old = { nodeId: this.nodeId, incarnation, seq, link, closedAt: null, isWhole: true, wholeTo: seq };
    this.authors.set(incarnation, old);
    this.#place = { incarnation: this.#newIncarnation(), seq: 0, link: BEGINNING };
  }

  #versionOf(streamId: string): number {
    return this.streams.get(streamId)?.length ?? 0;
  }

  #store(authored: AuthoredEvent, isReceived: boolean): StoredEvent {
    const { appendSize: _size, seq, hlc: _hlc, link: _link, ...event } = authored;
    const stream = this.streams.get(event.streamId) ?? [];
    this.streams.set(event.streamId, stream);
    const stored: StoredEvent = { ...event, version: stream.length + 1, position: this.rows.length + 1 };
    const row = { stored, authored, isReceived };
    stream.push(stored);
    this.rows.push(row);
    this.eventIds.set(stored.id, stored);
    const places = this.#places.get(stored.incarnation) ?? new Map<number, MemoryRow>();
    this.#places.set(stored.incarnation, places);
    places.set(seq, row);
    if (stored.commandId !== null) this.authoredCommands.add(commandName(authored));
    return stored;
  }
}

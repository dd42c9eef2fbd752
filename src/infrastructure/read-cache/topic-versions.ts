import type { Append, StoredEvent } from '../../kernel/event-store.ts';
import type { CacheTopic } from '../../kernel/read-cache.ts';

type Versions = {
  /** Of the newest event of any park, or of none. */
  newest: number;
  /** Of the newest event that is about no single park. */
  ofAll: number;
  readonly ofParks: Map<string, number>;
};

/**
 * The position of the newest event that this process knows of, for each topic and park. An answer that was read while it
 * stood at some position contains at least that event, so processes with the same position may share answers.
 */
export class TopicVersions {
  readonly #byType = new Map<string, Versions[]>();
  readonly #byTopic = new Map<string, Versions>();
  #start = 0;
  #era = '';

  constructor(topics: readonly CacheTopic[]) {
    for (const { name, eventTypes } of topics) {
      const versions: Versions = { newest: 0, ofAll: 0, ofParks: new Map() };
      this.#byTopic.set(name, versions);
      for (const type of eventTypes) this.#byType.set(type, [...(this.#byType.get(type) ?? []), versions]);
    }
  }

  get eventTypes(): readonly string[] {
    return [...this.#byType.keys()];
  }

  /** Tells apart positions of logs that share only their beginning. */
  get era(): string {
    return this.#era;
  }

  /** Begins afresh: everything up to this position is taken to be known. */
  startAt(position: number, era: string): void {
    this.#start = position;
    this.#era = era;
    for (const versions of this.#byTopic.values()) {
      [versions.newest, versions.ofAll] = [0, 0];
      versions.ofParks.clear();
    }
  }

  /** An event of a type, about one park or none, is at this position or before it. */
  note(type: string, parkId: string | null, position: number): void {
    for (const versions of this.#byType.get(type) ?? []) {
      versions.newest = Math.max(versions.newest, position);
      if (parkId === null) versions.ofAll = Math.max(versions.ofAll, position);
      else versions.ofParks.set(parkId, Math.max(versions.ofParks.get(parkId) ?? 0, position));
    }
  }

  noteEvents(events: readonly StoredEvent[]): void {
    for (const { type, parkId, position } of events) this.note(type, parkId, position);
  }

  /** What this process has stored itself is known at once. */
  noteAppend({ streams, context }: Append, lastPosition: number): void {
    for (const { events } of streams) {
      for (const { type } of events) this.note(type, context.parkId ?? null, lastPosition);
    }
  }

  of(topic: string, parkId: string | null): number {
    const versions = this.#byTopic.get(topic);
    if (versions === undefined) return this.#start;
    const known = parkId === null ? versions.newest : Math.max(versions.ofAll, versions.ofParks.get(parkId) ?? 0);
    return Math.max(this.#start, known);
  }
}

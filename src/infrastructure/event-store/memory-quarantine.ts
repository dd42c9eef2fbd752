import {
  QUARANTINE_BYTES,
  QUARANTINE_SEGMENTS,
  type QuarantinedSegment,
  type QuarantinePage,
  type QuarantineUse,
  type SealedSegment,
} from '../../kernel/replication.ts';
import type { Clock } from '../../kernel/time.ts';
import { systemIds } from '../ids.ts';
import { typesIn } from './quarantined-segments.ts';

type Kept = { readonly about: QuarantinedSegment; readonly segment: SealedSegment; readonly bytes: number };

/** Segments that must not be stored, in memory. */
export class MemoryQuarantine {
  readonly #clock: Clock;
  readonly #all: Kept[] = [];
  readonly #settled = new Set<string>();

  readonly #isStored: (segment: SealedSegment) => boolean;

  /** @param isStored whether a segment came through after all */
  constructor(clock: Clock, isStored: (segment: SealedSegment) => boolean) {
    this.#clock = clock;
    this.#isStored = isStored;
  }

  async quarantine(segment: SealedSegment, why: string): Promise<boolean> {
    if (this.#all.some((kept) => kept.segment.signature === segment.signature)) return true;
    const { nodeId, incarnation, first, last } = segment.header;
    const bytes = Buffer.byteLength(JSON.stringify(segment));
    if (this.#useOf(nodeId).isFull) return false;
    const types = typesIn(segment);
    const quarantinedAtMs = this.#clock.now();
    const about = { id: systemIds.next(), nodeId, incarnation, first, last, types, why, quarantinedAtMs };
    this.#all.push({ about, segment, bytes });
    return true;
  }

  async quarantined({ nodeIds, after, limit }: QuarantinePage): Promise<readonly QuarantinedSegment[] | null> {
    const start = after === null ? 0 : this.#all.findIndex(({ about }) => about.id === after) + 1;
    if (after !== null && start === 0) return null;
    const behind = new Set(this.#all.slice(start));
    return this.#open()
      .filter((kept) => behind.has(kept))
      .map(({ about }) => about)
      .filter(({ nodeId }) => nodeIds === null || nodeIds.includes(nodeId))
      .slice(0, limit);
  }

  async quarantinedSegment(id: string): Promise<Omit<Kept, 'bytes'> | null> {
    const found = this.#all.find(({ about }) => about.id === id && !this.#settled.has(id));
    return found === undefined ? null : { about: found.about, segment: found.segment };
  }

  async quarantineUse(): Promise<readonly QuarantineUse[]> {
    const nodeIds = new Set(this.#open().map(({ about }) => about.nodeId));
    return [...nodeIds].toSorted().map((nodeId) => this.#useOf(nodeId));
  }

  async settleQuarantined(id: string): Promise<void> {
    this.#settled.add(id);
  }

  #open(): readonly Kept[] {
    return this.#all.filter(({ about, segment }) => !this.#settled.has(about.id) && !this.#isStored(segment));
  }

  #useOf(nodeId: string): QuarantineUse {
    const its = this.#open().filter(({ about }) => about.nodeId === nodeId);
    const bytes = its.reduce((sum, kept) => sum + kept.bytes, 0);
    return { nodeId, segments: its.length, isFull: its.length >= QUARANTINE_SEGMENTS || bytes >= QUARANTINE_BYTES };
  }
}

import type { components } from '../typescript/schema.d.ts';
import type { DeviceKey } from './crypto.ts';
import type { DeviceStore, LogBase, NodeHead } from './device-store.ts';
import { append, emptyLog, sealBatch, withEntry, type Decided, type LinkedEntry, type OwnLog } from './log.ts';

/** Most entries of one upload. */
const BATCH = 200;
/** What was merged is kept this long: a node that was put back to an earlier state asks for it again. */
const KEPT_MS = 30 * 86_400_000;
/** A node that was put back asks for what it had before; one that does so more often is broken. */
const MOST_GAPS = 3;

/** What a node answers, or that it does not: then the status is 0. */
export type NodeAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly status: number } };

type Batch = Awaited<ReturnType<typeof sealBatch>>;
export type LogNode = {
  bringLog(batch: Batch, witness: NodeHead | null): Promise<NodeAnswer<components['schemas']['MergedLog']>>;
};

export type Brought =
  | { readonly verdict: 'all' | 'unreached' | 'forked' }
  /** The node does not take it, and would not take it again. */
  | { readonly verdict: 'refused'; readonly code: string };

/** What the node says of its own log, and what of that it is told again. */
export type Witness = { last(): NodeHead | null; heard(node: NodeHead | undefined): Promise<void> };

/** Whether an answer is none that would come again: the node was not reached, or could not answer now. */
export const isUnreached = ({ status }: { readonly status: number }): boolean =>
  status === 0 || status >= 500 || status === 429 || status === 408;

/** The log of a device as it is kept: what it decided, and how much of it the node has merged. */
export class OwnLogKeeper {
  readonly #store: DeviceStore;
  readonly #deviceId: string;
  readonly #key: DeviceKey;
  #log: OwnLog;
  #merged: number;
  /** The oldest entry whose link is known here. */
  readonly #oldest: LogBase;

  private constructor(
    store: DeviceStore,
    device: { readonly deviceId: string; readonly key: DeviceKey },
    state: { readonly log: OwnLog; readonly merged: number; readonly oldest: LogBase },
  ) {
    [this.#store, this.#deviceId, this.#key] = [store, device.deviceId, device.key];
    [this.#log, this.#merged, this.#oldest] = [state.log, state.merged, state.oldest];
  }

  /**
   * Reads the log whole once, at the start.
   * @param nowMs for what is old enough to go
   */
  static async open(
    store: DeviceStore,
    device: { readonly deviceId: string; readonly key: DeviceKey },
    nowMs: number,
  ): Promise<OwnLogKeeper> {
    const base = (await store.read('base')) ?? { seq: 0, link: emptyLog.link };
    const merged = (await store.read('merged'))?.seq ?? 0;
    let log: OwnLog = { ...emptyLog, ...base };
    let oldest: LogBase | LinkedEntry = base;
    for (const entry of await store.entriesFrom(base.seq + 1)) {
      log = withEntry(log, entry);
      if (entry.seq <= merged && entry.saidAtMs < nowMs - KEPT_MS) oldest = entry;
    }
    const { seq, link } = oldest;
    if (oldest !== base) await store.forgetUpTo({ seq, link });
    return new OwnLogKeeper(store, device, { log, merged, oldest: { seq, link } });
  }

  /** Where the log stands, with all that was decided so far. */
  current(): OwnLog {
    return this.#log;
  }

  /** How many entries the node has not merged. */
  get pending(): number {
    return this.#log.seq - this.#merged;
  }

  /** The newest entry that the node said it has merged. */
  get mergedSeq(): number {
    return this.#merged;
  }

  /** Keeps a decision, durably. Callers take turns. */
  async keep(decided: Decided): Promise<void> {
    const entry = await append(this.#log, this.#deviceId, decided);
    await this.#store.append(entry);
    this.#log = withEntry(this.#log, entry);
  }

  /** The node is in another life than before: it may lack what it had merged, and is told the newest of it again. */
  doubt(): Promise<void> {
    return this.#noteMerged(Math.max(this.#oldest.seq, this.#merged - 1));
  }

  /** Brings what the node does not have, in order, until it has all of it. */
  async bring(node: LogNode, certificate: string, witness: Witness): Promise<Brought> {
    let from = this.#merged + 1;
    let gaps = 0;
    while (from <= this.#log.seq) {
      const next = await this.#bringFrom(from, node, certificate, witness);
      if (typeof next !== 'number') return next;
      if (next <= from && ++gaps > MOST_GAPS) return { verdict: 'refused', code: 'gap' };
      if (next <= this.#oldest.seq) return { verdict: 'refused', code: 'gap' };
      from = next;
    }
    return { verdict: 'all' };
  }

  async #noteMerged(seq: number): Promise<void> {
    this.#merged = seq;
    await this.#store.write('merged', { seq });
  }

  async #linkBefore(seq: number): Promise<string> {
    const [before] = seq - 1 <= this.#oldest.seq ? [] : await this.#store.entriesFrom(seq - 1, 1);
    return before?.link ?? this.#oldest.link;
  }

  async #bringFrom(
    seq: number,
    node: LogNode,
    certificate: string,
    witness: Witness,
  ): Promise<Exclude<Brought, { readonly verdict: 'all' }> | number> {
    const entries = await this.#store.entriesFrom(seq, BATCH);
    const device = { deviceId: this.#deviceId, certificate, key: this.#key };
    const batch = await sealBatch(device, await this.#linkBefore(seq), entries);
    const answered = await node.bringLog(batch, witness.last());
    if (!answered.ok) {
      const { problem } = answered;
      return isUnreached(problem) ? { verdict: 'unreached' } : { verdict: 'refused', code: problem.code };
    }
    const { verdict, expected_seq: expected, node: head } = answered.value;
    await witness.heard(head);
    if (verdict === 'forked') return { verdict: 'forked' };
    await this.#noteMerged(Math.min(expected - 1, this.#log.seq));
    return expected;
  }
}

import { signal, type ReadonlySignal } from '@preact/signals';
import type { DeviceKey } from '../../../clients/gate/crypto.ts';
import { append, emptyLog, sealBatch, withEntry, type Decided, type OwnLog } from '../../../clients/gate/log.ts';
import type { Problem } from '../../shared/api/outcome.ts';
import type { GateNode } from './node.ts';
import type { Enrolled, GateStore, NodeHead } from './store.ts';

/** Most entries of one upload. */
const BATCH = 200;
/** What was merged is kept this long: a node that was put back to an earlier state asks for it again. */
const KEPT_MS = 30 * 86_400_000;

export type Brought =
  | { readonly verdict: 'all' | 'unreached' | 'forked' }
  /** The node does not take it, and would not take it again. */
  | { readonly verdict: 'refused'; readonly code: string };

export type OwnLogKeeper = {
  /** Where the log stands, with all that was decided so far. */
  current(): OwnLog;
  /** How many entries the node has not merged. */
  readonly pending: ReadonlySignal<number>;
  /** The newest entry that the node said it has merged. */
  mergedSeq(): number;
  /** Keeps a decision, durably. Callers take turns. */
  keep(decided: Decided): Promise<void>;
  /** The node is in another life than before: it may lack what it had merged, and is told the newest of it again. */
  doubt(): Promise<void>;
  /** Brings what the node does not have, in order, until it has all of it. */
  bring(node: Pick<GateNode, 'bringLog'>, certificate: string, witness: Witness): Promise<Brought>;
};

type Witness = { last(): NodeHead | null; heard(node: NodeHead | undefined): Promise<void> };

const refusalOf = ({ code, status }: Problem): Brought =>
  status === 0 || status >= 500 || status === 429 || status === 408
    ? { verdict: 'unreached' }
    : { verdict: 'refused', code };

/**
 * The log of this device as its browser keeps it. Reads it whole once, at the start.
 * @param nowMs for what is old enough to go
 */
export async function openOwnLog(
  store: GateStore,
  { deviceId }: Pick<Enrolled, 'deviceId'>,
  key: DeviceKey,
  nowMs: number,
): Promise<OwnLogKeeper> {
  const base = (await store.read('base')) ?? { seq: 0, link: emptyLog.link };
  let log: OwnLog = { ...emptyLog, ...base };
  let merged = (await store.read('merged'))?.seq ?? 0;
  let oldest: { readonly seq: number; readonly link: string } = base;
  for (const entry of await store.entriesFrom(base.seq + 1)) {
    log = withEntry(log, entry);
    if (entry.seq <= merged && entry.saidAtMs < nowMs - KEPT_MS) oldest = entry;
  }
  if (oldest !== base) await store.forgetUpTo({ seq: oldest.seq, link: oldest.link });
  const pending = signal(log.seq - merged);

  const noteMerged = async (seq: number): Promise<void> => {
    merged = seq;
    await store.write('merged', { seq });
    pending.value = log.seq - merged;
  };

  async function linkBefore(seq: number): Promise<string> {
    const [before] = seq - 1 <= oldest.seq ? [] : await store.entriesFrom(seq - 1, 1);
    return before?.link ?? oldest.link;
  }

  async function bringFrom(
    seq: number,
    node: Pick<GateNode, 'bringLog'>,
    certificate: string,
    witness: Witness,
  ): Promise<Brought | number> {
    const entries = await store.entriesFrom(seq, BATCH);
    const batch = await sealBatch({ deviceId, certificate, key }, await linkBefore(seq), entries);
    const answered = await node.bringLog(batch, witness.last());
    if (!answered.ok) return refusalOf(answered.problem);
    const { verdict, expected_seq: expected, node: head } = answered.value;
    await witness.heard(head);
    if (verdict === 'forked') return { verdict: 'forked' };
    await noteMerged(Math.min(expected - 1, log.seq));
    return expected;
  }

  return {
    current: () => log,
    pending,
    mergedSeq: () => merged,
    async keep(decided) {
      const entry = await append(log, deviceId, decided);
      await store.append(entry);
      log = withEntry(log, entry);
      pending.value = log.seq - merged;
    },
    doubt: () => noteMerged(Math.max(oldest.seq, merged - 1)),
    async bring(node, certificate, witness) {
      let from = merged + 1;
      let gaps = 0;
      while (from <= log.seq) {
        const next = await bringFrom(from, node, certificate, witness);
        if (typeof next !== 'number') return next;
        // A node that was put back asks for what it had before; one that does so for ever is broken.
        if (next <= from && ++gaps > 3) return { verdict: 'refused', code: 'gap' };
        if (next <= oldest.seq) return { verdict: 'refused', code: 'gap' };
        from = next;
      }
      return { verdict: 'all' };
    },
  };
}

import type { DeviceKey } from './crypto.ts';
import { decideAlone, type Decision, type Scanned } from './decide.ts';
import type { DeviceStore, NodeHead } from './device-store.ts';
import { knowNothing, takePage, type BundlePage, type Known } from './known.ts';
import { OwnLogKeeper, type Brought, type LogNode, type NodeAnswer } from './own-log.ts';

type Page = BundlePage & { readonly has_more: boolean };

/** What the node has signed for the key of a device. */
export type Papers = {
  certificate(): string;
  /** Asks the node for a new one; whether it gave one. */
  renew(): Promise<boolean>;
};

type Problem = Extract<NodeAnswer<never>, { readonly ok: false }>['problem'];

/**
 * A gate device: what it has heard, the log of what it decided alone, and how far its node was. It is the same in a browser, which
 * keeps that in its database, and in a simulation.
 */
export class GateDevice {
  readonly #store: DeviceStore;
  /** Null where the browser makes no keys: then the device does not work alone. */
  readonly log: OwnLogKeeper | null;
  #known: Known;
  #head: NodeHead | null;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(store: DeviceStore, log: OwnLogKeeper | null, known: Known, head: NodeHead | null) {
    [this.#store, this.log, this.#known, this.#head] = [store, log, known, head];
  }

  /** Begins with what was kept: nothing is lost by a reload or a power cut. */
  static async open(
    store: DeviceStore,
    { deviceId, parkId, key }: { readonly deviceId: string; readonly parkId: string; readonly key: DeviceKey | null },
    nowMs: number,
  ): Promise<GateDevice> {
    const log = key === null ? null : await OwnLogKeeper.open(store, { deviceId, key }, nowMs);
    const known = (await store.read('known')) ?? knowNothing(deviceId, parkId);
    return new GateDevice(store, log, known, (await store.read('witness')) ?? null);
  }

  get known(): Known {
    return this.#known;
  }

  /** The highest place of the node's log that it has told. */
  get head(): NodeHead | null {
    return this.#head;
  }

  /** How many entries of the log the node has not merged. */
  get pending(): number {
    return this.log?.pending ?? 0;
  }

  /**
   * Decides by the log, and has kept the decision when it answers. Decisions wait for each other: each counts whom the ones before
   * let in. @returns null where the device has no log
   */
  decide(scanned: Scanned): Promise<Decision | null> {
    const { log } = this;
    if (log === null) return Promise.resolve(null);
    const decided = this.#turn.then(async () => {
      const decision = await decideAlone(this.#known, log.current(), scanned);
      if (decision.light !== 'red') await log.keep(decision.decided);
      return decision;
    });
    this.#turn = decided.catch(() => undefined);
    return decided;
  }

  /** Reads what is new since the last time, page by page. @returns what hindered it; null where it has read to the end */
  async listen<Told extends Page>(
    node: { bundle(since: string | null): Promise<NodeAnswer<Told>> },
    taken: (page: Told) => Promise<void> = async () => undefined,
  ): Promise<Problem | null> {
    for (;;) {
      const countedTo = this.log?.mergedSeq ?? 0;
      const page = await node.bundle(this.#known.since);
      if (!page.ok) return page.problem;
      this.#known = await takePage(this.#known, page.value, countedTo);
      await this.#store.write('known', this.#known);
      await taken(page.value);
      if (!page.value.has_more) return null;
    }
  }

  /** Brings what the node lacks of the log; where it does not take the certificate any more, with a new one. */
  async bring(node: LogNode, papers: Papers): Promise<Brought> {
    const { log } = this;
    if (log === null || log.pending === 0) return { verdict: 'all' };
    const witness = { last: () => this.#head, heard: (head: NodeHead | undefined) => this.heard(head) };
    const brought = await log.bring(node, papers.certificate(), witness);
    const isOutdated = brought.verdict === 'refused' && brought.code === 'device_certificate_invalid';
    if (!isOutdated || !(await papers.renew())) return brought;
    return log.bring(node, papers.certificate(), witness);
  }

  /**
   * Remembers the highest place of the node's log: a node that was put back is found out by it. In another life than before it may lack what it
   * had of this log.
   */
  async heard(head: NodeHead | undefined): Promise<void> {
    if (head === undefined) return;
    if (head.incarnation === this.#head?.incarnation && head.seq <= this.#head.seq) return;
    const isOtherLife = this.#head !== null && this.#head.incarnation !== head.incarnation;
    this.#head = head;
    await this.#store.write('witness', head);
    if (isOtherLife) await this.log?.doubt();
  }
}

import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { deviceKeyOf } from '../../../clients/gate/crypto.ts';
import { decideAlone } from '../../../clients/gate/decide.ts';
import { knowNothing, takePage, type Known } from '../../../clients/gate/known.ts';
import { admittedInHourOf } from '../../../clients/gate/log.ts';
import type { Problem } from '../../shared/api/outcome.ts';
import type { GateNode, Scan } from './node.ts';
import { openOwnLog, type OwnLogKeeper } from './own-log.ts';
import { passageAlone, passageOf, refused, type Direction, type Passage } from './passage.ts';
import type { Enrolled, GateStore, NodeHead } from './store.ts';

/** What staff see of the device itself. */
export type GateState = {
  /** `alone`: the node was not reached the last time, and the device decides by itself. */
  readonly mode: 'park' | 'alone';
  /** When the node answered last; null before the first time. */
  readonly heardAtMs: number | null;
  /** When the node heard last what was revoked; null when it never did. */
  readonly revocationsAsOfMs: number | null;
  readonly occupancy: { readonly current: number; readonly capacity: number } | null;
  /** How many people this device let in alone in this hour, and may; null where it may let nobody in alone. */
  readonly quota: { readonly used: number; readonly green: number; readonly amber: number } | null;
  /** How far the clock of this device is ahead of the node's. */
  readonly clockAheadMs: number;
  /** What only a person can mend. */
  readonly trouble: 'revoked' | 'forked' | 'log_refused' | 'no_keys' | null;
};

export type Gate = {
  readonly enrolled: Enrolled;
  readonly state: ReadonlySignal<GateState>;
  readonly pending: ReadonlySignal<number>;
  /** Decides on who holds a code, and has kept the decision when it answers. */
  scan(code: string, direction: Direction, people: number | null): Promise<Passage>;
  /** Listens to the node, brings the log, renews the certificate. Does nothing while one is under way. */
  talk(): Promise<void>;
};

const MS_A_DAY = 86_400_000;
/** A manager's word is needed for a device that the node does not know any more. */
const isRevocation = ({ status }: Problem): boolean => status === 401 || status === 403;
/** The node is there and says no for good; anything else may pass. */
const isReached = ({ status }: Problem): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

type Parts = {
  readonly store: GateStore;
  readonly node: GateNode;
  readonly log: OwnLogKeeper | null;
  readonly now: () => number;
  readonly newId: () => string;
};

class RunningGate implements Gate {
  readonly state: Signal<GateState>;
  readonly pending: ReadonlySignal<number>;
  private turn: Promise<unknown> = Promise.resolve();
  private talking: Promise<void> | null = null;
  enrolled: Enrolled;
  private readonly parts: Parts;
  private known: Known;
  private head: NodeHead | null;

  constructor(enrolled: Enrolled, parts: Parts, known: Known, head: NodeHead | null, state: GateState) {
    this.enrolled = enrolled;
    this.parts = parts;
    this.known = known;
    this.head = head;
    this.state = signal(state);
    this.pending = parts.log?.pending ?? signal(0);
  }

  async scan(code: string, direction: Direction, people: number | null): Promise<Passage> {
    const { newId, now } = this.parts;
    const scan = { scanId: newId(), code, direction, people, nowMs: now(), gate: this.enrolled.name };
    if (this.state.value.mode === 'park') {
      const answered = await this.parts.node.scan(scan, this.head);
      if (answered.ok) {
        await this.heard(answered.value.node ?? undefined);
        return passageOf(direction, answered.value.result);
      }
      if (isRevocation(answered.problem)) this.change({ trouble: 'revoked' });
      if (isReached(answered.problem))
        return refused(direction, isRevocation(answered.problem) ? 'not_enrolled' : 'failed');
      this.change({ mode: 'alone' });
    }
    return this.inTurn(() => this.decideAlone(scan));
  }

  talk(): Promise<void> {
    this.talking ??= this.talkOnce().finally(() => (this.talking = null));
    return this.talking;
  }

  /** Decisions by the log wait for each other: each counts what the ones before let in. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async decideAlone(scan: Scan): Promise<Passage> {
    const { log } = this.parts;
    if (log === null || this.state.value.trouble !== null) return refused(scan.direction, 'not_enrolled');
    const decision = await decideAlone(this.known, log.current(), scan);
    if (decision.light !== 'red') await log.keep(decision.decided);
    this.change({ quota: this.quotaNow() });
    return passageAlone(scan.direction, decision);
  }

  private async talkOnce(): Promise<void> {
    if (!(await this.listen()) || !(await this.bringLog())) return;
    await this.renewCertificate();
    const occupancy = await this.parts.node.occupancy(this.enrolled.parkId);
    this.change({
      mode: 'park',
      heardAtMs: this.parts.now(),
      clockAheadMs: this.parts.node.clockAheadMs(),
      quota: this.quotaNow(),
      ...(occupancy.ok ? { occupancy: occupancy.value } : {}),
    });
  }

  /** Reads what is new since the last time; whether the node was reached. */
  private async listen(): Promise<boolean> {
    for (;;) {
      const countedTo = this.parts.log?.mergedSeq() ?? 0;
      const page = await this.parts.node.bundle(this.known.since);
      if (!page.ok) {
        if (isRevocation(page.problem)) this.change({ trouble: 'revoked' });
        else if (!isReached(page.problem)) this.change({ mode: 'alone', quota: this.quotaNow() });
        return false;
      }
      const { revocations_as_of: asOf, has_more: hasMore } = page.value;
      this.known = await takePage(this.known, page.value, countedTo);
      await this.parts.store.write('known', this.known);
      const revocationsAsOfMs = asOf === null ? null : Date.parse(asOf);
      await this.parts.store.write('revocationsAsOfMs', revocationsAsOfMs);
      this.change({ revocationsAsOfMs, ...(this.state.value.trouble === 'revoked' ? { trouble: null } : {}) });
      if (!hasMore) return true;
    }
  }

  /** Whether the node has all of the log, or there is none. */
  private async bringLog(): Promise<boolean> {
    const { log, node, store } = this.parts;
    const { certificate } = this.enrolled;
    if (log === null || certificate === null || log.pending.value === 0) return true;
    const witness = { last: () => this.head, heard: (head: NodeHead | undefined) => this.heard(head) };
    const brought = await log.bring(node, certificate, witness);
    if (brought.verdict === 'forked') {
      await store.write('isForked', true);
      this.change({ trouble: 'forked' });
    } else if (brought.verdict === 'refused') {
      if (brought.code === 'device_certificate_invalid') await this.renewCertificate(true);
      else this.change({ trouble: 'log_refused' });
    }
    return brought.verdict === 'all';
  }

  private async renewCertificate(atOnce = false): Promise<void> {
    const { now, node, store } = this.parts;
    const { keys, certifiedAtMs } = this.enrolled;
    if (keys === null || (!atOnce && now() - certifiedAtMs < MS_A_DAY)) return;
    const renewed = await node.renewCertificate();
    if (!renewed.ok) return;
    this.enrolled = { ...this.enrolled, certificate: renewed.value.certificate, certifiedAtMs: now() };
    await store.write('enrolled', this.enrolled);
  }

  /** Remembers the highest place of the node's log: a node that was put back is found out by it. */
  private async heard(head: NodeHead | undefined): Promise<void> {
    if (head === undefined) return;
    if (head.incarnation === this.head?.incarnation && head.seq <= this.head.seq) return;
    const isOtherLife = this.head !== null && this.head.incarnation !== head.incarnation;
    this.head = head;
    await this.parts.store.write('witness', head);
    if (isOtherLife) await this.parts.log?.doubt();
  }

  private quotaNow(): GateState['quota'] {
    const nowMs = this.parts.now();
    const allowance = this.known.allowances.find(
      ({ notBeforeMs, notAfterMs }) => notBeforeMs <= nowMs && nowMs <= notAfterMs,
    );
    const { log } = this.parts;
    if (allowance === undefined || log === null) return null;
    const used = admittedInHourOf(log.current(), nowMs);
    return { used, green: allowance.greenPerHour, amber: allowance.amberPerHour };
  }

  private change(change: Partial<GateState>): void {
    this.state.value = { ...this.state.value, ...change };
  }
}

/** Begins with what the browser kept: nothing is lost by a reload or a power cut. */
export async function openGate(enrolled: Enrolled, { store, node, now, newId }: Omit<Parts, 'log'>): Promise<Gate> {
  const { keys, deviceId, parkId } = enrolled;
  const log = keys === null ? null : await openOwnLog(store, enrolled, await deviceKeyOf(keys), now());
  const known = (await store.read('known')) ?? knowNothing(deviceId, parkId);
  const isForked = (await store.read('isForked')) ?? false;
  return new RunningGate(enrolled, { store, node, log, now, newId }, known, (await store.read('witness')) ?? null, {
    mode: 'alone',
    heardAtMs: null,
    revocationsAsOfMs: (await store.read('revocationsAsOfMs')) ?? null,
    occupancy: null,
    quota: null,
    clockAheadMs: 0,
    trouble: isForked ? 'forked' : keys === null ? 'no_keys' : null,
  });
}

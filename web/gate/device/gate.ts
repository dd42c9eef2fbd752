import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { deviceKeyOf } from '../../../clients/gate/crypto.ts';
import { GateDevice } from '../../../clients/gate/device.ts';
import { admittedInHourOf } from '../../../clients/gate/log.ts';
import { isUnreached } from '../../../clients/gate/own-log.ts';
import type { GateNode, Scan } from './node.ts';
import { passageAlone, passageOf, refused, type Direction, type Passage } from './passage.ts';
import type { Enrolled, GateStore } from './store.ts';

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
const isRevocation = ({ status }: { readonly status: number }): boolean => status === 401 || status === 403;

type Parts = {
  readonly store: GateStore;
  readonly node: GateNode;
  readonly now: () => number;
  readonly newId: () => string;
};

class RunningGate implements Gate {
  readonly state: Signal<GateState>;
  readonly pending: Signal<number>;
  private talking: Promise<void> | null = null;
  enrolled: Enrolled;
  private readonly parts: Parts;
  private readonly device: GateDevice;

  constructor(enrolled: Enrolled, parts: Parts, device: GateDevice, state: GateState) {
    this.enrolled = enrolled;
    this.parts = parts;
    this.device = device;
    this.state = signal(state);
    this.pending = signal(device.pending);
  }

  async scan(code: string, direction: Direction, people: number | null): Promise<Passage> {
    const { newId, now } = this.parts;
    const scan = { scanId: newId(), code, direction, people, nowMs: now(), gate: this.enrolled.name };
    if (this.state.value.mode === 'park') {
      const answered = await this.parts.node.scan(scan, this.device.head);
      if (answered.ok) {
        await this.device.heard(answered.value.node ?? undefined);
        this.pending.value = this.device.pending;
        return passageOf(direction, answered.value.result);
      }
      if (isRevocation(answered.problem)) this.change({ trouble: 'revoked' });
      if (!isUnreached(answered.problem))
        return refused(direction, isRevocation(answered.problem) ? 'not_enrolled' : 'failed');
      this.change({ mode: 'alone' });
    }
    return this.decideAlone(scan);
  }

  talk(): Promise<void> {
    this.talking ??= this.talkOnce().finally(() => (this.talking = null));
    return this.talking;
  }

  private async decideAlone(scan: Scan): Promise<Passage> {
    const decision = this.state.value.trouble === null ? await this.device.decide(scan) : null;
    if (decision === null) return refused(scan.direction, 'not_enrolled');
    this.pending.value = this.device.pending;
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
    const { node, store } = this.parts;
    const problem = await this.device.listen(node, async ({ revocations_as_of: asOf }) => {
      const revocationsAsOfMs = asOf === null ? null : Date.parse(asOf);
      await store.write('revocationsAsOfMs', revocationsAsOfMs);
      this.change({ revocationsAsOfMs, ...(this.state.value.trouble === 'revoked' ? { trouble: null } : {}) });
    });
    if (problem === null) return true;
    if (isRevocation(problem)) this.change({ trouble: 'revoked' });
    else if (isUnreached(problem)) this.change({ mode: 'alone', quota: this.quotaNow() });
    return false;
  }

  /** Whether the node has all of the log, or there is none. */
  private async bringLog(): Promise<boolean> {
    if (this.enrolled.certificate === null) return true;
    const papers = { certificate: () => this.enrolled.certificate ?? '', renew: () => this.renewCertificate(true) };
    const bringLog: GateNode['bringLog'] = (batch, witness) => {
      this.pending.value = this.device.pending;
      return this.parts.node.bringLog(batch, witness);
    };
    const brought = await this.device.bring({ bringLog }, papers);
    this.pending.value = this.device.pending;
    if (brought.verdict === 'forked') {
      await this.parts.store.write('isForked', true);
      this.change({ trouble: 'forked' });
    } else if (brought.verdict === 'refused' && brought.code !== 'device_certificate_invalid') {
      this.change({ trouble: 'log_refused' });
    }
    return brought.verdict === 'all';
  }

  /** Once a day, or at once; whether there is a new one. */
  private async renewCertificate(atOnce = false): Promise<boolean> {
    const { now, node, store } = this.parts;
    const { keys, certifiedAtMs } = this.enrolled;
    if (keys === null || (!atOnce && now() - certifiedAtMs < MS_A_DAY)) return false;
    const renewed = await node.renewCertificate();
    if (!renewed.ok) return false;
    this.enrolled = { ...this.enrolled, certificate: renewed.value.certificate, certifiedAtMs: now() };
    await store.write('enrolled', this.enrolled);
    return true;
  }

  private quotaNow(): GateState['quota'] {
    const nowMs = this.parts.now();
    const { known, log } = this.device;
    const allowance = known.allowances.find(
      ({ notBeforeMs, notAfterMs }) => notBeforeMs <= nowMs && nowMs <= notAfterMs,
    );
    if (allowance === undefined || log === null) return null;
    const used = admittedInHourOf(log.current(), nowMs);
    return { used, green: allowance.greenPerHour, amber: allowance.amberPerHour };
  }

  private change(change: Partial<GateState>): void {
    this.state.value = { ...this.state.value, ...change };
  }
}

/** Begins with what the browser kept: nothing is lost by a reload or a power cut. */
export async function openGate(enrolled: Enrolled, parts: Parts): Promise<Gate> {
  const { keys, deviceId, parkId } = enrolled;
  const { store, now } = parts;
  const key = keys === null ? null : await deviceKeyOf(keys);
  const device = await GateDevice.open(store, { deviceId, parkId, key }, now());
  const isForked = (await store.read('isForked')) ?? false;
  return new RunningGate(enrolled, parts, device, {
    mode: 'alone',
    heardAtMs: null,
    revocationsAsOfMs: (await store.read('revocationsAsOfMs')) ?? null,
    occupancy: null,
    quota: null,
    clockAheadMs: 0,
    trouble: isForked ? 'forked' : keys === null ? 'no_keys' : null,
  });
}

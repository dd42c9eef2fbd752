import type { DeviceKey } from '../../../../clients/gate/crypto.ts';
import { makeDeviceKey } from '../../../../clients/gate/crypto.ts';
import { decideAlone, type Decision, type Scanned } from '../../../../clients/gate/decide.ts';
import { knowNothing, takePage, type BundlePage, type Known } from '../../../../clients/gate/known.ts';
import {
  append,
  emptyLog,
  sealBatch,
  withEntry,
  type Decided,
  type LinkedEntry,
  type OwnLog,
} from '../../../../clients/gate/log.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { LOG_START } from '../domain/device-log.ts';
import type { GateServer } from './gate-server.suite.ts';

/** What a node answers about a part of a log. */
export type MergedAnswer = {
  readonly verdict: 'merged' | 'gap' | 'forked';
  readonly expected_seq: number;
  readonly link: string;
  readonly results: readonly {
    readonly seq: number;
    readonly over_quota: boolean;
    readonly result: {
      readonly outcome: string;
      readonly people_admitted: number;
      readonly incident_id: string | null;
      readonly repeated: boolean;
    };
  }[];
};

/** A gate device with a key, as the gate app has it: what it heard, and its own log. */
export class GateDevice {
  readonly id: string;
  readonly credential: string;
  readonly key: DeviceKey;
  readonly #server: GateServer;
  certificate: string;
  known: Known;
  log: OwnLog = emptyLog;
  entries: readonly LinkedEntry[] = [];

  constructor(
    server: GateServer,
    made: { readonly id: string; readonly credential: string; readonly certificate: string; readonly key: DeviceKey },
  ) {
    this.#server = server;
    this.id = made.id;
    this.credential = made.credential;
    this.certificate = made.certificate;
    this.key = made.key;
    this.known = knowNothing(this.id, 'ala-archa');
  }

  /** Reads the whole bundle. */
  async listen(): Promise<void> {
    for (;;) {
      const since = this.known.since === null ? '' : `?since=${this.known.since}`;
      const { body } = await this.#server.call(this.credential, 'GET', `/gate/bundle${since}`);
      const { has_more: hasMore, ...page } = body as BundlePage & { readonly has_more: boolean };
      this.known = await takePage(this.known, page, this.log.seq);
      if (!hasMore) return;
    }
  }

  /** Decides alone, and keeps it. */
  async decide(code: string, change: Partial<Scanned> = {}): Promise<Decision> {
    const nowMs = this.#server.clock.now();
    const scanned = {
      scanId: ids.next(),
      code,
      direction: 'in',
      people: null,
      nowMs,
      gate: 'main',
      ...change,
    } as const;
    const decision = await decideAlone(this.known, this.log, scanned);
    if (decision.light !== 'red') await this.keep(decision.decided);
    return decision;
  }

  async keep(decided: Decided): Promise<void> {
    const entry = await append(this.log, this.id, decided);
    this.log = withEntry(this.log, entry);
    this.entries = [...this.entries, entry];
  }

  /** What the device would send of some entries. */
  batch(first: number, last: number): Promise<object> {
    const previous = first === 1 ? LOG_START : (this.entries[first - 2]?.link ?? LOG_START);
    return sealBatch({ ...this, deviceId: this.id }, previous, this.entries.slice(first - 1, last));
  }

  send(batch: object) {
    return this.#server.call(this.credential, 'POST', '/gate/log', batch);
  }

  async bring(first = 1, last = this.entries.length): Promise<MergedAnswer> {
    return (await this.send(await this.batch(first, last))).body as unknown as MergedAnswer;
  }

  /** The same device put back to an earlier entry, as a copy of its storage would be. */
  copy(entries: number): GateDevice {
    const copied = new GateDevice(this.#server, this);
    copied.known = this.known;
    copied.entries = this.entries.slice(0, entries);
    copied.log = copied.entries.reduce(withEntry, emptyLog);
    return copied;
  }
}

export async function enrolDevice(server: GateServer, publicKey?: string | null): Promise<GateDevice> {
  const key = await makeDeviceKey();
  const invited = await server.call('manager', 'POST', '/admin/devices', { park_id: 'ala-archa' });
  const { body } = await server.call(null, 'POST', '/gate/devices/enroll', {
    code: invited.body['code'],
    name: 'North gate',
    ...(publicKey === null ? {} : { public_key: publicKey ?? key.publicKey }),
  });
  const { id, credential, certificate } = body as Record<string, string>;
  return new GateDevice(server, { id: id ?? '', credential: credential ?? '', certificate: certificate ?? '', key });
}

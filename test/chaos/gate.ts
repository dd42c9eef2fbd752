import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDeviceKey, type DeviceKey } from '../../clients/gate/crypto.ts';
import { decideAlone } from '../../clients/gate/decide.ts';
import { knowNothing, takePage, type Known } from '../../clients/gate/known.ts';
import { append, emptyLog, sealBatch, withEntry, type LinkedEntry, type OwnLog } from '../../clients/gate/log.ts';
import { createSkyParkClient, type SkyParkClient } from '../../clients/typescript/client.ts';
import type { components } from '../../clients/typescript/schema.d.ts';
import { LOG_START } from '../../src/modules/admission/domain/device-log.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import type { Session } from '../../tools/demo/session.ts';

/** How long a gate waits for its node before it decides by itself. */
const PATIENCE_MS = 2_000;
/** For what nobody waits at the gate. */
const CALM_MS = 8_000;
const AGAIN_MS = 500;
const BATCH = 100;

type OnAnswer = (status: string) => void;

export type Passed = {
  readonly scanId: string;
  readonly outcome: string;
  readonly people: number;
  /** The gate decided by itself. */
  readonly isAlone: boolean;
};

type Enrolled = { readonly deviceId: string; readonly certificate: string; readonly key: DeviceKey };

/** A device at a gate: asks its node, and goes by the signed code and its own log where there is no answer. */
export class Gate {
  readonly name: string;
  /** The longest time, in ms, for which its node did not answer it. */
  longestSilenceMs = 0;
  readonly #device: Enrolled;
  readonly #parkId: string;
  readonly #client: SkyParkClient;
  #known: Known;
  #log: OwnLog = emptyLog;
  #entries: LinkedEntry[] = [];
  #broughtTo = 0;
  #silentSinceMs: number | null = null;

  constructor(name: string, parkId: string, device: Enrolled, client: SkyParkClient) {
    this.name = name;
    this.#parkId = parkId;
    this.#device = device;
    this.#client = client;
    this.#known = knowNothing(device.deviceId, parkId);
  }

  /** Its node was put back to where it had just been enrolled. */
  beginAnew(): void {
    this.#known = knowNothing(this.#device.deviceId, this.#parkId);
    this.#log = emptyLog;
    this.#entries = [];
    this.#broughtTo = 0;
    this.longestSilenceMs = 0;
    this.#silentSinceMs = null;
  }

  #heard(isAnswer: boolean): void {
    this.#silentSinceMs ??= isAnswer ? null : Date.now();
    if (this.#silentSinceMs === null) return;
    this.longestSilenceMs = Math.max(this.longestSilenceMs, Date.now() - this.#silentSinceMs);
    if (isAnswer) this.#silentSinceMs = null;
  }

  /** Asks the node. @returns null when it gives no answer */
  async #ask(scanId: string, code: string, direction: 'in' | 'out', onAnswer: OnAnswer): Promise<Passed | null> {
    const scan = { scan_id: scanId, code, direction, gate: this.name, scanned_at: new Date().toISOString() };
    let result: components['schemas']['ScanResult'] | undefined;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const { data, response } = await this.#client.POST('/api/v1/gate/scans', { body: { scans: [scan] }, signal });
      onAnswer(String(response.status));
      result = data?.results[0];
    } catch {
      onAnswer('no answer');
    }
    this.#heard(result !== undefined);
    return result === undefined ? null : passedBy(result);
  }

  /** A party wants to come in, and is not kept waiting: without an answer the gate decides by itself. */
  async letIn(code: string, onAnswer: OnAnswer): Promise<Passed> {
    const scanId = randomUUID();
    return (await this.#ask(scanId, code, 'in', onAnswer)) ?? (await this.#decide(scanId, code));
  }

  /** A party goes out. Its scan is told until the node has answered, for it may want to return. */
  async letOut(code: string, onAnswer: OnAnswer): Promise<Passed> {
    const scanId = randomUUID();
    for (;;) {
      const passed = await this.#ask(scanId, code, 'out', onAnswer);
      if (passed !== null) return passed;
      await sleep(AGAIN_MS);
    }
  }

  async #decide(scanId: string, code: string): Promise<Passed> {
    const asked = { scanId, code, direction: 'in', people: null, nowMs: Date.now(), gate: this.name } as const;
    const decision = await decideAlone(this.#known, this.#log, asked);
    if (decision.light === 'red') {
      return { scanId, outcome: decision.reason, people: 0, isAlone: true };
    }
    const entry = await append(this.#log, this.#device.deviceId, decision.decided);
    this.#log = withEntry(this.#log, entry);
    this.#entries.push(entry);
    return { scanId, outcome: 'admitted', people: decision.decided.people, isAlone: true };
  }

  /** Hears what its node has to say, page by page. @throws when it does not answer */
  async listen(): Promise<void> {
    for (let hasMore = true; hasMore;) {
      const query = this.#known.since === null ? {} : { since: this.#known.since };
      const signal = AbortSignal.timeout(CALM_MS);
      const answer = await this.#client.GET('/api/v1/gate/bundle', { params: { query }, signal });
      const page = bodyOf('bundle', 200, answer);
      this.#known = await takePage(this.#known, page, this.#broughtTo);
      hasMore = page.has_more;
    }
  }

  get hasToBring(): boolean {
    return this.#broughtTo < this.#entries.length;
  }

  /**
   * Brings what it decided alone. @throws when its node does not answer, or will not take it
   * @param onBrought told of the scans that its node has by then
   */
  async bring(onBrought: (scanIds: readonly string[]) => void): Promise<void> {
    while (this.hasToBring) {
      const from = this.#broughtTo;
      const previous = this.#entries[from - 1]?.link ?? LOG_START;
      const body = await sealBatch(this.#device, previous, this.#entries.slice(from, from + BATCH));
      const signal = AbortSignal.timeout(CALM_MS);
      const merged = bodyOf('log', 200, await this.#client.POST('/api/v1/gate/log', { body, signal }));
      if (merged.verdict === 'forked')
        throw new Error(`${this.name} of ${this.#parkId} is told that its log is forked`);
      this.#broughtTo = merged.expected_seq - 1;
      onBrought(this.#entries.slice(from, this.#broughtTo).map(({ scanId }) => scanId));
    }
  }

  /** Its node was put back, maybe: what was brought is brought again from where the node stands. */
  bringAgain(): void {
    this.#broughtTo = 0;
  }
}

function passedBy(result: components['schemas']['ScanResult']): Passed {
  const { scan_id: scanId, outcome, people_admitted, people_exited } = result;
  return { scanId, outcome, people: people_admitted + people_exited, isAlone: false };
}

type Enrolling = {
  readonly url: string;
  readonly parkId: string;
  readonly gate: string;
  readonly manager: Session;
};

export async function enrolGate({ url, parkId, gate, manager }: Enrolling): Promise<Gate> {
  const key = await makeDeviceKey();
  const invited = await manager.call('invite a device', (client, signal) =>
    client.POST('/api/v1/admin/devices', { body: { park_id: parkId }, signal }),
  );
  const { code } = bodyOf('invite a device', 201, invited);
  const body = { code, name: `${gate} gate`, public_key: key.publicKey };
  const answer = await createSkyParkClient({ baseUrl: url }).POST('/api/v1/gate/devices/enroll', { body });
  const { id, certificate, credential } = bodyOf('enrol a device', 201, answer);
  if (certificate === null) throw new Error('a device with a key has a certificate');
  const client = createSkyParkClient({ baseUrl: url, token: () => credential });
  return new Gate(gate, parkId, { deviceId: id, certificate, key }, client);
}

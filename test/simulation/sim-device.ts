import { makeDeviceKey, type DeviceKey } from '../../clients/gate/crypto.ts';
import { decideAlone, type Decision, type Scanned } from '../../clients/gate/decide.ts';
import { knowNothing, takePage, type BundlePage, type Known } from '../../clients/gate/known.ts';
import { append, emptyLog, sealBatch, withEntry, type LinkedEntry, type OwnLog } from '../../clients/gate/log.ts';
import { LOG_START } from '../../src/modules/admission/domain/device-log.ts';
import type { Person } from './caller.ts';
import type { HeldDevice } from './diary.ts';
import type { SimNode } from './sim-node.ts';

type Enrolled = {
  readonly deviceId: string;
  readonly parkId: string;
  readonly credential: string;
  readonly certificate: string;
  readonly key: DeviceKey;
};

type NodeHead = { readonly incarnation: string; readonly seq: number; readonly hash: string };

/** What a node says of a part of the log. */
type Merged = {
  readonly verdict: 'merged' | 'gap' | 'forked';
  readonly expected_seq: number;
  readonly results: readonly {
    readonly over_quota: boolean;
    readonly result: { readonly scan_id: string; readonly outcome: string; readonly incident_id: string | null };
  }[];
  readonly node?: NodeHead;
};

/** What came of bringing the log. */
export type Brought = {
  readonly words: string;
  readonly verdicts: readonly Merged['verdict'][];
  /** By which scans the node knows now who passed. */
  readonly heard: readonly string[];
  readonly isMarked: boolean;
};

/** A node that asks for the same again and again is broken. */
const MOST_CALLS = 8;

const gist = (answer: Merged | null): string =>
  JSON.stringify([answer?.verdict, answer?.expected_seq, answer?.results.map(({ result }) => result.outcome)]);

/** A gate device that keeps a log of its own, and goes by it where it reaches nobody. */
export class SimDevice {
  readonly held: HeldDevice;
  readonly #enrolled: Enrolled;
  #certificate: string;
  #known: Known;
  #log: OwnLog = emptyLog;
  #entries: readonly LinkedEntry[] = [];
  /** The newest entry that a node said it has merged. */
  #merged = 0;
  #head: NodeHead | null = null;

  constructor(held: HeldDevice, enrolled: Enrolled) {
    this.held = held;
    this.#enrolled = enrolled;
    this.#certificate = enrolled.certificate;
    this.#known = knowNothing(enrolled.deviceId, enrolled.parkId);
  }

  /** What its browser keeps, copied to another device. */
  copy(held: HeldDevice): SimDevice {
    const copied = new SimDevice(held, { ...this.#enrolled, certificate: this.#certificate });
    copied.#known = this.#known;
    copied.#log = this.#log;
    copied.#entries = this.#entries;
    copied.#merged = this.#merged;
    copied.#head = this.#head;
    return copied;
  }

  get hasToBring(): boolean {
    return this.#merged < this.#entries.length;
  }

  /** Decides alone, and has kept the decision before anybody passes. */
  async decide(scanned: Scanned): Promise<Decision> {
    const decision = await decideAlone(this.#known, this.#log, scanned);
    if (decision.light === 'red') return decision;
    const entry = await append(this.#log, this.#enrolled.deviceId, decision.decided);
    this.#log = withEntry(this.#log, entry);
    this.#entries = [...this.#entries, entry];
    return decision;
  }

  /** Hears what its node has to say, page by page. */
  async listen(node: SimNode): Promise<number> {
    for (;;) {
      const since = this.#known.since === null ? '' : `?since=${this.#known.since}`;
      const { status, body } = await node.call(this.#enrolled, 'GET', `/gate/bundle${since}`);
      if (status !== 200) return status;
      const page = body as unknown as BundlePage & { readonly has_more: boolean };
      this.#known = await takePage(this.#known, page, this.#merged);
      if (!page.has_more) return status;
    }
  }

  /** Brings what the node does not have, in order. @param copies of each part that are under way at the same moment */
  async bring(node: SimNode, copies: number): Promise<Brought> {
    const [words, verdicts, heard]: [string[], Merged['verdict'][], string[]] = [[], [], []];
    let isMarked = false;
    for (let call = 0; call < MOST_CALLS && this.hasToBring; call += 1) {
      const { said, answer } = await this.#bringOnce(node, copies);
      words.push(said);
      if (said === '403 device_certificate_invalid' && (await this.#renew(node))) continue;
      if (answer === null) break;
      verdicts.push(answer.verdict);
      if (answer.verdict === 'forked') break;
      heard.push(
        ...answer.results.flatMap(({ result: { outcome, scan_id: id } }) => (outcome === 'not_home' ? [] : id)),
      );
      isMarked ||= answer.results.some(({ over_quota: isOver }) => isOver);
      this.#merged = Math.min(answer.expected_seq - 1, this.#entries.length);
      this.#hear(answer.node);
    }
    return { words: words.join(', '), verdicts, heard, isMarked };
  }

  async #bringOnce(node: SimNode, copies: number): Promise<{ said: string; answer: Merged | null }> {
    const before = this.#entries[this.#merged - 1]?.link ?? LOG_START;
    const device = { ...this.#enrolled, certificate: this.#certificate };
    const body = { ...(await sealBatch(device, before, this.#entries.slice(this.#merged))), witness: this.#head };
    const answers = await Promise.all(
      Array.from({ length: copies }, () => node.call(this.#enrolled, 'POST', '/gate/log', body)),
    );
    const [first, ...others] = answers.map((answer) =>
      answer.status === 200 ? (answer.body as unknown as Merged) : null,
    );
    for (const other of others) {
      if (gist(other) === gist(first ?? null)) continue;
      node.troubles.push(`two copies of a log were answered ${gist(first ?? null)} and ${gist(other)}`);
    }
    const said = `${answers[0]?.status} ${first?.verdict ?? String(answers[0]?.body['code'])}`;
    return { said, answer: first ?? null };
  }

  /** A node in another life than before may have been put back: it is told the newest entry again, and asks for what it lacks. */
  #hear(head: NodeHead | undefined): void {
    if (head === undefined) return;
    const isOther = this.#head !== null && this.#head.incarnation !== head.incarnation;
    if (isOther || head.seq > (this.#head?.seq ?? -1)) this.#head = head;
    if (isOther) this.#merged = Math.max(0, this.#merged - 1);
  }

  /** Asks about a code that is none, as gates do all day, and hears by the way how far its node is. */
  async ask(node: SimNode): Promise<void> {
    const scan = { scan_id: node.ids.next(), code: 'none', direction: 'in', gate: 'side' };
    const scans = [{ ...scan, scanned_at: new Date(node.clock.now()).toISOString() }];
    const { body } = await node.call(this.#enrolled, 'POST', '/gate/scans', { scans, witness: this.#head });
    this.#hear(body['node'] as NodeHead | undefined);
  }

  async #renew(node: SimNode): Promise<boolean> {
    const { status, body } = await node.call(this.#enrolled, 'POST', '/gate/certificate');
    if (status === 200) this.#certificate = String(body['certificate']);
    return status === 200;
  }
}

/** A manager makes a code, and the device is enrolled by it. @returns null where the node does not do it, with its words */
export async function enrolDevice(
  node: SimNode,
  manager: Person,
  parkId: string,
): Promise<{ readonly enrolled: Enrolled | null; readonly words: string }> {
  const key = await makeDeviceKey();
  const invited = await node.call(manager, 'POST', '/admin/devices', { park_id: parkId });
  const asked = { code: String(invited.body['code']), name: 'side', public_key: key.publicKey };
  const { status, body } = await node.call(manager, 'POST', '/gate/devices/enroll', asked);
  const words = `${invited.status} ${status}`;
  if (status !== 201) return { enrolled: null, words };
  const [deviceId, credential, certificate] = ['id', 'credential', 'certificate'].map((name) => String(body[name]));
  return {
    enrolled: { deviceId: deviceId ?? '', parkId, credential: credential ?? '', certificate: certificate ?? '', key },
    words,
  };
}

import { makeDeviceKey, type DeviceKey } from '../../clients/gate/crypto.ts';
import type { Decision, Scanned } from '../../clients/gate/decide.ts';
import { GateDevice } from '../../clients/gate/device.ts';
import type { BundlePage } from '../../clients/gate/known.ts';
import { MemoryStore } from '../../clients/gate/memory-store.ts';
import type { LogNode, NodeAnswer } from '../../clients/gate/own-log.ts';
import type { Person } from './caller.ts';
import type { HeldDevice } from './diary.ts';
import type { Answer, SimNode } from './sim-node.ts';

type Enrolled = {
  readonly deviceId: string;
  readonly parkId: string;
  readonly credential: string;
  readonly certificate: string;
  readonly key: DeviceKey;
};

/** What a node says of a part of the log. */
type Merged = Extract<Awaited<ReturnType<LogNode['bringLog']>>, { readonly ok: true }>['value'];

/** What came of bringing the log. */
export type Brought = {
  readonly words: string;
  readonly verdicts: readonly Merged['verdict'][];
  /** By which scans the node knows now who passed; not by those whose codes it does not believe. */
  readonly heard: readonly string[];
  readonly isMarked: boolean;
};

const gist = (answer: Merged | null): string =>
  JSON.stringify([answer?.verdict, answer?.expected_seq, answer?.results.map(({ result }) => result.outcome)]);

const answerOf = <Value>({ status, body }: Answer): NodeAnswer<Value> =>
  status === 200 ? { ok: true, value: body as Value } : { ok: false, problem: { code: String(body['code']), status } };

/** A gate device that keeps a log of its own, and goes by it where it reaches nobody: the program that browsers run, over the API of its node. */
export class SimDevice {
  readonly held: HeldDevice;
  readonly #enrolled: Enrolled;
  readonly #store: MemoryStore;
  readonly #device: GateDevice;
  #certificate: string;

  private constructor(held: HeldDevice, enrolled: Enrolled, store: MemoryStore, device: GateDevice) {
    [this.held, this.#enrolled, this.#store, this.#device] = [held, enrolled, store, device];
    this.#certificate = enrolled.certificate;
  }

  static async open(
    held: HeldDevice,
    enrolled: Enrolled,
    nowMs: number,
    store: MemoryStore = MemoryStore.empty(),
  ): Promise<SimDevice> {
    return new SimDevice(held, enrolled, store, await GateDevice.open(store, enrolled, nowMs));
  }

  /** What its browser keeps, copied to another device. */
  copy(held: HeldDevice, nowMs: number): Promise<SimDevice> {
    return SimDevice.open(held, { ...this.#enrolled, certificate: this.#certificate }, nowMs, this.#store.copy());
  }

  get hasToBring(): boolean {
    return this.#device.pending > 0;
  }

  /** Decides alone, and has kept the decision before anybody passes. */
  async decide(scanned: Scanned): Promise<Decision> {
    const decision = await this.#device.decide(scanned);
    if (decision === null) throw new Error('every device here has a key');
    return decision;
  }

  /** Hears what its node has to say, page by page. @returns the status that it ended with */
  async listen(node: SimNode): Promise<number> {
    type Page = BundlePage & { readonly has_more: boolean };
    const bundle = async (since: string | null): Promise<NodeAnswer<Page>> => {
      const query = since === null ? '' : `?since=${since}`;
      return answerOf(await node.call(this.#enrolled, 'GET', `/gate/bundle${query}`));
    };
    return (await this.#device.listen({ bundle }))?.status ?? 200;
  }

  /** Brings what the node does not have, in order. @param copies of each part that are under way at the same moment */
  async bring(node: SimNode, copies: number): Promise<Brought> {
    const [words, answers]: [string[], Merged[]] = [[], []];
    const bringLog: LogNode['bringLog'] = async (batch, witness) => {
      const answer = await this.#bringOnce(node, copies, { ...batch, witness });
      words.push(answer.ok ? `200 ${answer.value.verdict}` : `${answer.problem.status} ${answer.problem.code}`);
      if (answer.ok) answers.push(answer.value);
      return answer;
    };
    await this.#device.bring({ bringLog }, { certificate: () => this.#certificate, renew: () => this.#renew(node) });
    const results = answers.flatMap((answer) => (answer.verdict === 'forked' ? [] : answer.results));
    return {
      words: words.join(', '),
      verdicts: answers.map(({ verdict }) => verdict),
      heard: results.flatMap(({ result: { outcome, scan_id: id } }) =>
        outcome === 'not_home' || outcome === 'bad_signature' ? [] : id,
      ),
      isMarked: results.some(({ over_quota: isOver }) => isOver),
    };
  }

  async #bringOnce(node: SimNode, copies: number, body: object): Promise<NodeAnswer<Merged>> {
    const answers = await Promise.all(
      Array.from({ length: copies }, () => node.call(this.#enrolled, 'POST', '/gate/log', body)),
    );
    const [first, ...others] = answers.map((answer) => answerOf<Merged>(answer));
    if (first === undefined) throw new Error('at least one copy is under way');
    const told = gist(first.ok ? first.value : null);
    for (const other of others) {
      const again = gist(other.ok ? other.value : null);
      if (again !== told) node.troubles.push(`two copies of a log were answered ${told} and ${again}`);
    }
    return first;
  }

  /** Asks about a code that is none, as gates do all day, and hears by the way how far its node is. */
  async ask(node: SimNode): Promise<void> {
    const scan = { scan_id: node.ids.next(), code: 'none', direction: 'in', gate: 'side' };
    const scans = [{ ...scan, scanned_at: new Date(node.clock.now()).toISOString() }];
    const { body } = await node.call(this.#enrolled, 'POST', '/gate/scans', { scans, witness: this.#device.head });
    await this.#device.heard((body as Partial<Merged>).node);
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

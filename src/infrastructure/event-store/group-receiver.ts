import { assert } from '../../kernel/assert.ts';
import type { ReceiveOutcome } from '../../kernel/replication.ts';
import type { ReceivedRun } from './received-arguments.ts';

/** What store.receive answers. */
export type ReceiveAnswer =
  | Exclude<ReceiveOutcome, { readonly outcome: 'stored' }>
  | (Extract<ReceiveOutcome, { readonly outcome: 'stored' }> & {
      /** Of several segments, how many events of each were new. */
      readonly storedOf: readonly number[] | null;
    });

/** The head of the log is held while so many events at most are stored and projected: appends wait for it. */
const MOST_TOGETHER = 2_000;

type Waiting = {
  readonly run: ReceivedRun;
  readonly resolve: (outcome: ReceiveOutcome) => void;
  readonly reject: (error: unknown) => void;
};

/** Whether a run may be stored in one transaction with the one before it: the next signed segment of the same log. */
function follows(before: ReceivedRun, { chain, segment, peer }: ReceivedRun): boolean {
  const earlier = before.chain;
  if (chain === null || earlier === null || segment === undefined || before.segment === undefined) return false;
  const isNext = chain.incarnation === earlier.incarnation && chain.first === before.last + 1;
  const isLinked = chain.nodeId === earlier.nodeId && chain.previousLink === before.segment.header.lastLink;
  const isSamePeer = peer?.peerNodeId === before.peer?.peerNodeId && before.peer?.feed === undefined;
  return isNext && isLinked && isSamePeer && before.peer?.acked === undefined;
}

const isTaken = ({ outcome }: ReceiveAnswer): boolean => outcome === 'stored' || outcome === 'already_stored';

/** What became of each run, by the answer to all of them. */
function outcomeOf(answer: ReceiveAnswer, index: number): ReceiveOutcome {
  if (answer.outcome !== 'stored') return answer;
  const { lastPosition, storedOf } = answer;
  const stored = storedOf === null ? answer.stored : storedOf[index];
  assert(stored !== undefined, 'store.receive answered for fewer segments than it was told');
  return stored === 0 ? { outcome: 'already_stored', lastPosition } : { outcome: 'stored', stored, lastPosition };
}

/**
 * Stores what is received in the order in which it was told. Segments of one log that came while others were being stored go
 * together in one transaction; what is refused together is told again one by one, so that what is wrong with one of them is
 * that one's alone.
 */
export class GroupReceiver {
  readonly #ask: (runs: readonly ReceivedRun[]) => Promise<ReceiveAnswer>;
  readonly #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(ask: (runs: readonly ReceivedRun[]) => Promise<ReceiveAnswer>) {
    this.#ask = ask;
  }

  receive(run: ReceivedRun): Promise<ReceiveOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run, resolve, reject });
      if (!this.#isBusy) void this.#storeAll();
    });
  }

  async #storeAll(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const group = this.#next();
      if (group.length === 1 || !(await this.#storeTogether(group))) {
        for (const one of group) await this.#storeAlone(one);
      }
    }
    this.#isBusy = false;
  }

  #next(): readonly Waiting[] {
    let [count, events] = [0, 0];
    for (const { run } of this.#waiting) {
      const before = this.#waiting[count - 1]?.run;
      if (before !== undefined && (events + run.events > MOST_TOGETHER || !follows(before, run))) break;
      count += 1;
      events += run.events;
    }
    return this.#waiting.splice(0, count);
  }

  async #storeTogether(group: readonly Waiting[]): Promise<boolean> {
    try {
      const answer = await this.#ask(group.map(({ run }) => run));
      if (!isTaken(answer)) return false;
      for (const [index, { resolve }] of group.entries()) resolve(outcomeOf(answer, index));
      return true;
    } catch {
      // Each says for itself what is wrong with it.
      return false;
    }
  }

  async #storeAlone({ run, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(outcomeOf(await this.#ask([run]), 0));
    } catch (error) {
      reject(error);
    }
  }
}

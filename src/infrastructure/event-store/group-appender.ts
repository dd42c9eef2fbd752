import { StoreUnavailable, type Append, type AppendOutcome } from '../../kernel/event-store.ts';
import type { Clock } from '../../kernel/time.ts';
import { Flush, type FlushArguments } from './flush.ts';
import { prepareAppend, type PreparedAppend } from './prepared-append.ts';

/** One call of store.append. Rejects with `StoreUnavailable` when nobody can know whether it was stored. */
export type SendFlush = (flush: FlushArguments) => Promise<readonly number[]>;

export type GroupAppenderOptions = {
  readonly send: SendFlush;
  /** UUID that no other appender ever had. */
  readonly writerId: string;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  /** Most events in one flush; a single larger append goes alone. Default 256. */
  readonly maxEvents?: number;
  /** Most appends waiting; beyond it callers are refused at once. Default 10 000. */
  readonly maxQueued?: number;
  /** How long a flush is repeated while the database cannot be reached. Default 10 s. */
  readonly patienceMs?: number;
  readonly onFlush?: (flushed: { readonly appends: number; readonly ms: number }) => void;
};

export type GroupAppender = {
  append(append: Append): Promise<AppendOutcome>;
  /** Appends waiting or on their way. */
  pending(): number;
  /** Refuses new appends and waits for those accepted. */
  close(): Promise<void>;
};

type Waiting = {
  readonly prepared: PreparedAppend;
  readonly settle: (outcome: AppendOutcome) => void;
  readonly fail: (error: unknown) => void;
};

const RETRY_FIRST_MS = 20;
const RETRY_MOST_MS = 500;

/** Takes the next flush off the queue: up to `maxEvents` events, no event id twice. */
function takeBatch(queue: Waiting[], maxEvents: number): Waiting[] {
  const ids = new Set<string>();
  let events = 0;
  let count = 0;
  for (const { prepared } of queue) {
    const own = prepared.append.streams.flatMap((stream) => stream.events);
    if (count > 0 && events + own.length > maxEvents) break;
    // A repeat waits for its first time: the answer to it is in the log only after that.
    if (own.some(({ id }) => ids.has(id))) break;
    for (const { id } of own) ids.add(id);
    events += own.length;
    count += 1;
  }
  return queue.splice(0, count);
}

class Appender implements GroupAppender {
  readonly #options: GroupAppenderOptions;
  readonly #maxEvents: number;
  readonly #maxQueued: number;
  readonly #patienceMs: number;
  readonly #queue: Waiting[] = [];
  readonly #notStored = new WeakSet<object>();
  #sending = 0;
  #running: Promise<void> | null = null;
  #closed = false;
  /** Numbers of the newest try, and of the newest one without an answer (0 = none). */
  #newest = 0;
  #unanswered = 0;

  constructor(options: GroupAppenderOptions) {
    this.#options = options;
    this.#maxEvents = options.maxEvents ?? 256;
    this.#maxQueued = options.maxQueued ?? 10_000;
    this.#patienceMs = options.patienceMs ?? 10_000;
  }

  append(append: Append): Promise<AppendOutcome> {
    return new Promise((settle, fail) => {
      try {
        if (this.#closed) throw new StoreUnavailable('the store is closing');
        if (this.#queue.length >= this.#maxQueued) throw new StoreUnavailable('too many appends are waiting');
        this.#queue.push({ prepared: prepareAppend(append), settle, fail });
        this.#running ??= new Promise<void>((go) => setImmediate(go)).then(() => this.#run());
      } catch (error) {
        if (append.chain) this.#notStored.add(append.chain.token);
        fail(error);
      }
    });
  }

  pending(): number {
    return this.#queue.length + this.#sending;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, onFlush } = this.#options;
    while (this.#queue.length > 0) {
      const batch = this.#withoutOrphans(takeBatch(this.#queue, this.#maxEvents));
      if (batch.length === 0) continue;
      this.#sending = batch.length;
      const startedMs = clock.now();
      await this.#flush(batch);
      this.#sending = 0;
      onFlush?.({ appends: batch.length, ms: clock.now() - startedMs });
    }
    this.#running = null;
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#flushTogether(batch, false);
    } catch (error) {
      if (error instanceof StoreUnavailable) for (const waiting of batch) this.#fail(waiting, error);
      else await this.#flushAlone(batch);
    }
  }

  async #flushAlone(batch: readonly Waiting[]): Promise<void> {
    for (const [index, waiting] of batch.entries()) {
      try {
        await this.#flushTogether(this.#withoutOrphans([waiting]), true);
      } catch (error) {
        this.#fail(waiting, error);
        if (!(error instanceof StoreUnavailable)) continue;
        for (const later of batch.slice(index + 1)) this.#fail(later, error);
        return;
      }
    }
  }

  async #flushTogether(batch: readonly Waiting[], checkIds: boolean): Promise<void> {
    if (batch.length === 0) return;
    const outcomes = await this.#persist(new Flush(batch.map(({ prepared }) => prepared)), checkIds);
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#settle(waiting, outcome);
    }
  }

  /** Repeats a flush until it is answered; the outcome of every try but the last is unknown, so ids are checked. */
  async #persist(flush: Flush, checkIds: boolean): Promise<readonly AppendOutcome[]> {
    const { clock, sleep } = this.#options;
    // Patience begins with the first failure: a connection that swallowed the flush may take long to fail at all.
    let giveUpAt: number | null = null;
    for (let waitMs = RETRY_FIRST_MS, check = checkIds; ; waitMs = Math.min(waitMs * 2, RETRY_MOST_MS), check = true) {
      try {
        return await this.#try(flush, check);
      } catch (error) {
        giveUpAt ??= clock.now() + this.#patienceMs;
        if (!(error instanceof StoreUnavailable) || clock.now() + waitMs > giveUpAt) throw error;
        await sleep(waitMs);
      }
    }
  }

  async #try(flush: Flush, checkIds: boolean): Promise<readonly AppendOutcome[]> {
    const { send, writerId, clock } = this.#options;
    this.#newest += 1;
    const number = this.#newest;
    const voids = this.#unanswered;
    try {
      const answer = await send(flush.arguments({ writer: writerId, number, voids, nowMs: clock.now(), checkIds }));
      this.#unanswered = 0;
      return flush.outcomes(answer);
    } catch (error) {
      // A refused try was rolled back with what it voided, so an older unanswered one is still to be voided.
      if (error instanceof StoreUnavailable) this.#unanswered = number;
      throw error;
    }
  }

  /** An append decided on events that were not stored must not be stored either. */
  #withoutOrphans(batch: readonly Waiting[]): Waiting[] {
    return batch.filter((waiting) => {
      const { chain, streams } = waiting.prepared.append;
      const orphan = chain?.after.some((token) => this.#notStored.has(token)) ?? false;
      const streamId = streams[0]?.streamId ?? '';
      if (orphan) this.#settle(waiting, { outcome: 'version_conflict', streamId, actualVersion: 0 });
      return !orphan;
    });
  }

  #settle({ prepared, settle }: Waiting, outcome: AppendOutcome): void {
    const { chain } = prepared.append;
    if (chain && outcome.outcome !== 'stored') this.#notStored.add(chain.token);
    settle(outcome);
  }

  #fail({ prepared, fail }: Waiting, error: unknown): void {
    const { chain } = prepared.append;
    if (chain) this.#notStored.add(chain.token);
    fail(error);
  }
}

/**
 * Group commit without a timer: while one flush is on its way the next one fills. A lone caller is sent at once; many
 * callers share one round trip, one lock and one fsync.
 *
 * A flush whose answer was lost is sent again; event ids tell what had been stored. A flush the database refuses as a whole
 * is sent again one append at a time, so that only the append at fault fails.
 */
export const createGroupAppender = (options: GroupAppenderOptions): GroupAppender => new Appender(options);

import { assert, BrokenInvariant } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { isTooMuch } from './errors.ts';

export type BatcherSettings<Item, Answer> = {
  /** Most items of one run. */
  readonly maxItems: number;
  /** Most items that wait, those of the current runs apart. */
  readonly maxQueued: number;
  /** Most runs at the same time, so that a slow one does not hold back whoever comes after it (default 1). */
  readonly runsAtOnce?: number;
  /**
   * Does the work of all items, or of none when it rejects, and answers one answer an item in their order. Never called
   * while `runsAtOnce` earlier calls are unfinished.
   */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
};

export type Batcher<Item, Answer> = {
  /** The answer to this item; rejects with `StoreUnavailable` when too many wait or the batcher is closed. */
  submit(item: Item): Promise<Answer>;
  /** How many items wait for a run. */
  queued(): number;
  /** Takes no more items; resolves when those taken have their answers. */
  close(): Promise<void>;
};

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

/** How many items in a row, each run by itself, may be too much for the server before it is taken for one that is away. */
const TOO_MUCH_IN_A_ROW = 2;

const isAway = (error: unknown): boolean => error instanceof StoreUnavailable && !isTooMuch(error);

/** Runs a batch and gives every item of it its answer or its error. Never rejects. */
function createBatchRun<Item, Answer>(run: BatcherSettings<Item, Answer>['run']) {
  const rejectAll = (batch: readonly Waiting<Item, Answer>[], error: unknown): void => {
    for (const waiting of batch) waiting.reject(error);
  };
  /** The error of a run that did nothing, or undefined when every item has its answer. */
  const runTogether = async (
    batch: readonly Waiting<Item, Answer>[],
  ): Promise<{ readonly error: unknown } | undefined> => {
    let answers: readonly Answer[];
    try {
      answers = await run(batch.map(({ item }) => item));
    } catch (error) {
      return { error };
    }
    if (answers.length === batch.length) answers.forEach((answer, index) => batch[index]?.resolve(answer));
    // The work is done, only nobody knows whose answer is whose: not to be repeated.
    else rejectAll(batch, new BrokenInvariant(`a batch of ${batch.length} got ${answers.length} answers`));
    return undefined;
  };

  const runBatch = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    const failure = await runTogether(batch);
    if (failure === undefined) return;
    if (batch.length === 1 || isAway(failure.error)) return rejectAll(batch, failure.error);
    let tooMuch = 0;
    for (const [index, waiting] of batch.entries()) {
      const apart = await runTogether([waiting]);
      tooMuch = isTooMuch(apart?.error) ? tooMuch + 1 : 0;
      if (isAway(apart?.error) || tooMuch === TOO_MUCH_IN_A_ROW) return rejectAll(batch.slice(index), apart?.error);
      if (apart !== undefined) waiting.reject(apart.error);
    }
  };
  return runBatch;
}

/**
 * Collects what is submitted while all runs are under way and runs it together, in the order of arrival. There is no timer:
 * an item that finds a run free runs in the next turn of the event loop, with what came in the same one, so load alone
 * makes batches grow.
 *
 * When a run of several items fails, each is run again by itself, so that only the culprit hears the error; also when the
 * run took too long or too much. When the store was unavailable otherwise nobody is the culprit: all hear it at once instead
 * of queueing for a server that is away, and so do those that are left when two in a row were too much by themselves.
 */
export function createBatcher<Item, Answer>(settings: BatcherSettings<Item, Answer>): Batcher<Item, Answer> {
  const { maxItems, maxQueued, runsAtOnce = 1, run } = settings;
  assert(maxItems >= 1 && maxQueued >= 1 && runsAtOnce >= 1, 'a batcher needs room for an item');
  const runBatch = createBatchRun(run);
  let queue: Waiting<Item, Answer>[] = [];
  let closed = false;
  /** Whether a pump is about to take what came in this breath. */
  let isGathering = false;
  let pumping = 0;
  const pumps = new Set<Promise<void>>();

  const pump = async (): Promise<void> => {
    // What is submitted in the same breath joins the first batch.
    await new Promise<void>((go) => setImmediate(go));
    isGathering = false;
    while (queue.length > 0) {
      const batch = queue.slice(0, maxItems);
      queue = queue.slice(maxItems);
      if (queue.length > 0) open();
      await runBatch(batch);
    }
    pumping -= 1;
  };

  function open(): void {
    if (isGathering || pumping === runsAtOnce) return;
    isGathering = true;
    pumping += 1;
    const opened = pump();
    pumps.add(opened);
    void opened.then(() => pumps.delete(opened));
  }

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new StoreUnavailable('shutting down'));
        if (queue.length >= maxQueued) return reject(new StoreUnavailable(`${maxQueued} are waiting already`));
        queue.push({ item, resolve, reject });
        open();
      }),
    queued: () => queue.length,
    async close() {
      closed = true;
      while (pumps.size > 0) await Promise.all(pumps);
    },
  };
}

import { assert, BrokenInvariant } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';

export type BatcherSettings<Item, Answer> = {
  /** Most items of one run. */
  readonly maxItems: number;
  /** Most items that wait, those of the current run apart. */
  readonly maxQueued: number;
  /**
   * Does the work of all items, or of none when it rejects, and answers one answer an item in their order. Never called
   * while an earlier call is unfinished.
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

/**
 * Collects what is submitted while a run is under way and runs it together, in the order of arrival. There is no timer:
 * an item that finds the batcher idle runs in the next turn of the event loop, with what came in the same one, so load alone
 * makes batches grow.
 *
 * When a run of several items fails, each is run again by itself, so that only the culprit hears the error. When the
 * store was unavailable nobody is the culprit: all hear it at once instead of queueing for a server that is away.
 */
export function createBatcher<Item, Answer>(settings: BatcherSettings<Item, Answer>): Batcher<Item, Answer> {
  const { maxItems, maxQueued, run } = settings;
  assert(maxItems >= 1 && maxQueued >= 1, 'a batcher needs room for an item');
  const rejectAll = (batch: readonly Waiting<Item, Answer>[], error: unknown): void => {
    for (const waiting of batch) waiting.reject(error);
  };
  let queue: Waiting<Item, Answer>[] = [];
  let pump: Promise<void> | undefined;
  let closed = false;

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
    if (batch.length === 1 || failure.error instanceof StoreUnavailable) return rejectAll(batch, failure.error);
    for (const [index, waiting] of batch.entries()) {
      const apart = await runTogether([waiting]);
      if (apart?.error instanceof StoreUnavailable) return rejectAll(batch.slice(index), apart.error);
      if (apart !== undefined) waiting.reject(apart.error);
    }
  };

  const work = async (): Promise<void> => {
    // What is submitted in the same breath joins the first batch.
    await new Promise<void>((go) => setImmediate(go));
    while (queue.length > 0) {
      const batch = queue.slice(0, maxItems);
      queue = queue.slice(maxItems);
      await runBatch(batch);
    }
    pump = undefined;
  };

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new StoreUnavailable('shutting down'));
        if (queue.length >= maxQueued) return reject(new StoreUnavailable(`${maxQueued} are waiting already`));
        queue.push({ item, resolve, reject });
        pump ??= work();
      }),
    queued: () => queue.length,
    async close() {
      closed = true;
      await pump;
    },
  };
}

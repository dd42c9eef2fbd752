/** Questions on their way to a provider at a time. */
const AT_ONCE = 8;

/** Asks about all, some at a time, until `stopping` is aborted; answers how many it asked about. `ask` never rejects. */
export async function askInChunks<Item>(
  items: readonly Item[],
  ask: (item: Item) => Promise<void>,
  stopping: AbortSignal | undefined,
): Promise<number> {
  let asked = 0;
  while (asked < items.length && stopping?.aborted !== true) {
    const chunk = items.slice(asked, asked + AT_ONCE);
    await Promise.all(chunk.map((item) => ask(item)));
    asked += chunk.length;
  }
  return asked;
}

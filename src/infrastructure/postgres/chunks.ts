/** Few enough values for one statement to be answered from an index. */
const CHUNK = 200;

/** Asks about some values at a time, one after the other, and answers all that was found. */
export async function askInChunks<Value, Found>(
  values: readonly Value[],
  ask: (some: readonly Value[]) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let start = 0; start < values.length; start += CHUNK) {
    found.push(...(await ask(values.slice(start, start + CHUNK))));
  }
  return found;
}

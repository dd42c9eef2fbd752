/**
 * The least milliseconds that each piece of work takes. In turns and by the least, so that work elsewhere on the machine weighs on
 * none of them: only what they have in common with each other may be judged, never the milliseconds themselves.
 */
export async function leastTimes(rounds: number, ...works: readonly (() => unknown)[]): Promise<readonly number[]> {
  const least = works.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      const startedAtMs = performance.now();
      await work();
      least[index] = Math.min(least[index] ?? Infinity, performance.now() - startedAtMs);
    }
  }
  return least;
}

/** How many times longer work of sixteen times the size takes: 16 where it grows with the size, 256 where with its square. */
export async function growthBySixteen(size: number, workOf: (size: number) => () => unknown): Promise<number> {
  const [one = 0, sixteen = 0] = await leastTimes(15, workOf(size), workOf(16 * size));
  return sixteen / one;
}

/** The value that `share` (0 to 1) of the sorted values do not exceed: the nearest rank, always one that was measured. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value; between two middle ones, their mean. Not a number when there are none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The median of the ratios of two contenders, each taken within one round: a machine that is slow for a while slows both
 * sides of a round, so such a ratio is steadier than that of the medians.
 */
export function ratioByRound(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} rounds against ${theirs.length}`);
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

export type Latencies = { readonly p50Ms: number; readonly p99Ms: number; readonly mostMs: number };

/** Quantiles of single waits in milliseconds. */
export function latenciesOf(waitsMs: readonly number[]): Latencies {
  const sorted = Float64Array.from(waitsMs).sort();
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), mostMs: sorted.at(-1) ?? Number.NaN };
}

/** The order of contenders in a round: every one is first once, before any is first again. */
export function rotated<Item>(items: readonly Item[], round: number): readonly Item[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from './contest.ts';
import { latenciesOf } from './statistics.ts';

/**
 * Each caller begins its next operation when the last one is answered.
 * @param aSecond how many each caller begins a second at most
 */
export async function drive(
  work: () => Promise<void>,
  callers: number,
  seconds: number,
  aSecond = Infinity,
): Promise<Run> {
  const waitsMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  const call = async (): Promise<void> => {
    for (let fromMs = performance.now(); fromMs < endMs;) {
      await work();
      const nowMs = performance.now();
      waitsMs.push(nowMs - fromMs);
      const pauseMs = 1000 / aSecond - (nowMs - fromMs);
      if (pauseMs > 0) await sleep(pauseMs);
      fromMs = performance.now();
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { operations: waitsMs.length, seconds: (performance.now() - startedMs) / 1000, ...latenciesOf(waitsMs) };
}

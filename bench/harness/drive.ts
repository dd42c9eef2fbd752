import type { Run } from './contest.ts';
import { latenciesOf } from './statistics.ts';

/** Each caller begins its next operation when the last one is answered. */
export async function drive(work: () => Promise<void>, callers: number, seconds: number): Promise<Run> {
  const waitsMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  const call = async (): Promise<void> => {
    for (let fromMs = performance.now(); fromMs < endMs;) {
      await work();
      const nowMs = performance.now();
      waitsMs.push(nowMs - fromMs);
      fromMs = nowMs;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { operations: waitsMs.length, seconds: (performance.now() - startedMs) / 1000, ...latenciesOf(waitsMs) };
}

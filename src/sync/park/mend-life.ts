import type { LogPlace } from '../../kernel/replication.ts';
import type { ParkTools } from './ports.ts';

/** The end of the life before the current one, when a crash cut off what the current one had to say first; null otherwise. */
export async function unfinishedAfter({
  log,
  lives,
  nodeId,
}: Pick<ParkTools, 'log' | 'nodeId'> & {
  readonly lives: Pick<ParkTools['lives'], 'beginningOf'>;
}): Promise<LogPlace | null> {
  const { incarnation } = await log.head();
  if ((await lives.beginningOf(incarnation)) !== null) return null;
  const earlier = (await log.authors()).filter((one) => one.nodeId === nodeId && one.incarnation !== incarnation);
  const beginnings = await Promise.all(earlier.map((one) => lives.beginningOf(one.incarnation)));
  const succeeded = new Set(beginnings.map((beginning) => beginning?.previous.incarnation));
  const last = earlier.find((one) => !succeeded.has(one.incarnation));
  return last === undefined ? null : { incarnation: last.incarnation, seq: last.seq, link: last.link };
}

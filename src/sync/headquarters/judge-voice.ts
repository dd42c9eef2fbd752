import type { Voice } from '../../modules/nodes/contract.ts';
import type { HeadquartersTools } from './ports.ts';

/** After so many ms nothing is on its way any more that a process said before it ended: a challenge is not good for longer. */
export const IN_FLIGHT_MS = 30_000;

/** A process that was not heard for so many ms has ended, or cannot be reached: three hellos. */
export const SILENT_MS = 90_000;

export type JudgedVoice = {
  /** This process is a copy: another one ran before it and is still there. */
  readonly isCopy: boolean;
  /** Processes that are known as copies from now on, since this one ran before them and is still there. */
  readonly copies: readonly string[];
  /** How long this process has to wait, in ms, before it may go on in place of others: they may be there still. */
  readonly waitMs: number;
};

/**
 * What is to be thought of a process of a node, by what was heard of all that go on from the same life of its log. A log cannot be
 * told from its copy, but a process can: one that was started after another one, which is heard again later, is not a restart.
 * @param life the life that goes on as far as headquarters knows; the process writes in it, or in one that stands in place of it
 */
export function judgeVoice(
  own: Pick<Voice, 'incarnation' | 'process'>,
  life: string,
  voices: readonly Voice[],
  nowMs: number,
): JudgedVoice {
  const mine = voices.find(({ process, incarnation }) => process === own.process && incarnation === own.incarnation);
  const isCopy = voices.some((voice) => voice.process === own.process && voice.isCopy);
  const others = voices.filter((voice) => voice.process !== own.process && !voice.isCopy);
  const isLater = (voice: Voice): boolean => mine === undefined || voice.firstAtMs > mine.firstAtMs;
  if (own.incarnation === life) {
    const copies = others.filter(
      (voice) =>
        mine !== undefined && voice.firstAtMs + IN_FLIGHT_MS <= nowMs && (voice.incarnation !== life || isLater(voice)),
    );
    return { isCopy, copies: isCopy ? [] : [...new Set(copies.map(({ process }) => process))], waitMs: 0 };
  }
  const before = others.filter(
    (voice) =>
      // Of a time that has not come nobody knows when it was.
      voice.atMs <= nowMs && (voice.incarnation === life || (mine !== undefined && !isLater(voice))),
  );
  const waitMs = Math.max(0, ...before.map(({ atMs }) => atMs + SILENT_MS - nowMs));
  return { isCopy, copies: [], waitMs };
}

/** Who calls: a process of a node, and the life that goes on as far as we know: its own, or the one that it wants to follow. */
export type Caller = Pick<Voice, 'incarnation' | 'process'> & { readonly nodeId: string; readonly life: string };

/** Listens to a call of a node; whoever is proven a copy by it is one from then on, for all processes of headquarters. */
export async function hearVoice(
  { voices, clock }: Pick<HeadquartersTools, 'voices' | 'clock'>,
  { nodeId, life, ...own }: Caller,
): Promise<Omit<JudgedVoice, 'copies'>> {
  const { copies, ...judged } = judgeVoice(own, life, await voices.of(nodeId, life), clock.now());
  if (copies.length > 0) await voices.markCopies(nodeId, life, copies);
  return judged;
}

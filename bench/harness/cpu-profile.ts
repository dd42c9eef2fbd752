import { basename } from 'node:path';
import { table } from './report.ts';

/** What V8 writes with --cpu-prof, as far as it is read here. Times in microseconds. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly children?: readonly number[];
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

export type Share = { readonly name: string; readonly share: number };

const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** Who a file belongs to: a package, Node itself, or a part of the product. */
export function ownerOf(url: string, functionName: string): string {
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collector' : 'native code';
  if (url.startsWith('node:')) return 'Node';
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  return /\/dist\/((?:modules|infrastructure)\/[^/]+|[^/]+)\//.exec(url)?.[1] ?? basename(url);
}

type NameOf = (url: string, functionName: string, line: number) => string | null;

/** Microseconds by node of the samples in which something ran, and their sum. */
function busyTime(profile: CpuProfile): { readonly byNode: ReadonlyMap<number, number>; readonly busyUs: number } {
  const idle = new Set(profile.nodes.filter(({ callFrame }) => IDLE.has(callFrame.functionName)).map(({ id }) => id));
  const byNode = new Map<number, number>();
  let busyUs = 0;
  for (const [index, id] of profile.samples.entries()) {
    if (idle.has(id)) continue;
    const spentUs = profile.timeDeltas[index] ?? 0;
    byNode.set(id, (byNode.get(id) ?? 0) + spentUs);
    busyUs += spentUs;
  }
  return { byNode, busyUs };
}

const sorted = (timeUs: ReadonlyMap<string, number>, busyUs: number): readonly Share[] =>
  [...timeUs].map(([name, spentUs]) => ({ name, share: spentUs / busyUs })).toSorted((a, b) => b.share - a.share);

/** Shares of the busy time by a name given to each frame (null: left out), the largest first. Each frame has its own time only. */
export function sharesBy(profile: CpuProfile, nameOf: NameOf): readonly Share[] {
  const { byNode, busyUs } = busyTime(profile);
  const timeUs = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const name = nameOf(callFrame.url, callFrame.functionName, callFrame.lineNumber + 1);
    const spentUs = byNode.get(id) ?? 0;
    if (name !== null && spentUs > 0) timeUs.set(name, (timeUs.get(name) ?? 0) + spentUs);
  }
  return sorted(timeUs, busyUs);
}

/** The same with what each frame calls; a name that calls itself counts once, so that shares are at most 1. */
export function totalsBy(profile: CpuProfile, nameOf: NameOf): readonly Share[] {
  const { byNode, busyUs } = busyTime(profile);
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const timeUs = new Map<string, number>();
  for (const [leaf, spentUs] of byNode) {
    const onStack = new Set<string>();
    for (let at: number | undefined = leaf; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at);
      const name = frame === undefined ? null : nameOf(frame.url, frame.functionName, frame.lineNumber + 1);
      if (name !== null) onStack.add(name);
    }
    for (const name of onStack) timeUs.set(name, (timeUs.get(name) ?? 0) + spentUs);
  }
  return sorted(timeUs, busyUs);
}

const functionLabel = (url: string, name: string, line: number): string => {
  const file = url === '' ? '' : ` ${url.split('/').slice(-2).join('/')}:${line}`;
  return `${name === '' ? '(anonymous)' : name}${file}`;
};

const sharesTable = (head: string, shares: readonly Share[], most: number): string =>
  table(
    [head, 'share'],
    shares.slice(0, most).map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]),
  );

/** The end of a profile: what came before (a start, a warm-up) is left out. */
export function lastSeconds(profile: CpuProfile, seconds: number): CpuProfile {
  let first = profile.samples.length;
  for (let keptUs = 0; first > 0 && keptUs < seconds * 1e6; first -= 1) keptUs += profile.timeDeltas[first - 1] ?? 0;
  return { ...profile, samples: profile.samples.slice(first), timeDeltas: profile.timeDeltas.slice(first) };
}

const ownLabel: NameOf = (url, name, line) => (url.includes('/dist/') ? functionLabel(url, name, line) : null);

/** Where the busy time of a profile went: by owner, by function, and by what functions of the product cause, as tables. */
export const profileText = (profile: CpuProfile): string =>
  [
    sharesTable('owner', sharesBy(profile, ownerOf), 20),
    sharesTable('function (own time)', sharesBy(profile, functionLabel), 30),
    sharesTable('function of the product (with what it calls)', totalsBy(profile, ownLabel), 50),
  ].join('\n\n');

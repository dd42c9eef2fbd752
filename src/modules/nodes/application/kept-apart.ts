import type { Nodes } from './ports.ts';

/** A segment of a node that was not stored, and waits for a person: what it is, not what its events say. */
export type KeptSegment = {
  readonly nodeId: string;
  readonly incarnation: string;
  /** Of its events, both included. */
  readonly first: number;
  readonly last: number;
  /** Of its events, each once. */
  readonly types: readonly string[];
  /** In words for people, in English. */
  readonly why: string;
  readonly atMs: number;
};

/** Port: what the log keeps apart, oldest first. */
export type KeptSegments = () => Promise<readonly KeptSegment[]>;

/** What was not taken from nodes, oldest first; `parkId` is null where the node is not known. */
export type ListKeptApart = () => Promise<readonly (KeptSegment & { readonly parkId: string | null })[]>;

type Dependencies = { readonly nodes: Pick<Nodes, 'all'>; readonly keptSegments: KeptSegments };

export const createListKeptApart =
  ({ nodes, keptSegments }: Dependencies): ListKeptApart =>
  async () => {
    const [all, kept] = await Promise.all([nodes.all(), keptSegments()]);
    const parks = new Map(all.map(({ nodeId, parkId }) => [nodeId, parkId]));
    return kept.map((segment) => ({ ...segment, parkId: parks.get(segment.nodeId) ?? null }));
  };

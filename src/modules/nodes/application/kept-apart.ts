import type { Nodes } from './ports.ts';

/** A segment of a node that was not stored, and waits for a person: what it is, not what its events say. */
export type KeptSegment = {
  /** UUID. */
  readonly id: string;
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

/** Port: what the log keeps apart and nobody has decided about. */
export type KeptSegments = {
  /**
   * The next ones, oldest first; null when `after` is the id of none.
   * @param nodeIds of these nodes; null: of all
   */
  page(request: {
    readonly nodeIds: readonly string[] | null;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly KeptSegment[] | null>;
  find(segmentId: string): Promise<KeptSegment | null>;
};

/** With the park of its node; null where the node is not known. */
export type KeptAtPark = KeptSegment & { readonly parkId: string | null };

/**
 * What was not taken from nodes, oldest first; null when `after` is the id of none.
 * @param showsPark tells which parks are asked about; null: all, and nodes that nobody knows
 */
export type ListKeptApart = (request: {
  readonly showsPark: ((parkId: string) => boolean) | null;
  readonly after: string | null;
  readonly limit: number;
}) => Promise<readonly KeptAtPark[] | null>;

type Dependencies = { readonly nodes: Pick<Nodes, 'all'>; readonly keptSegments: KeptSegments };

export const createListKeptApart =
  ({ nodes, keptSegments }: Dependencies): ListKeptApart =>
  async ({ showsPark, ...request }) => {
    const parks = new Map((await nodes.all()).map(({ nodeId, parkId }) => [nodeId, parkId]));
    const nodeIds = showsPark && [...parks].filter(([, parkId]) => showsPark(parkId)).map(([nodeId]) => nodeId);
    const page = await keptSegments.page({ ...request, nodeIds });
    return page?.map((segment) => ({ ...segment, parkId: parks.get(segment.nodeId) ?? null })) ?? null;
  };

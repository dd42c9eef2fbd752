import type { Contact } from '../contract.ts';
import type { Contacts, Homes, Nodes, NodeView } from './ports.ts';

/** Port: how many segments of each node are kept for a person to look at. */
export type QuarantinedCounts = () => Promise<ReadonlyMap<string, number>>;

export type NodeLine = {
  readonly node: NodeView;
  readonly contact: Contact | null;
  /** The first day on which it is at home in its park; null when it never is. */
  readonly homeFrom: string | null;
  readonly quarantined: number;
};

/** All nodes with what was heard of them last. */
export type ListNodes = () => Promise<readonly NodeLine[]>;

type Dependencies = {
  readonly nodes: Nodes;
  readonly contacts: Contacts;
  readonly homes: Homes;
  readonly quarantinedCounts: QuarantinedCounts;
};

export const createListNodes =
  ({ nodes, contacts, homes, quarantinedCounts }: Dependencies): ListNodes =>
  async () => {
    const [all, heard, kept] = await Promise.all([nodes.all(), contacts.all(), quarantinedCounts()]);
    return Promise.all(
      all.map(async (node) => ({
        node,
        contact: heard.find(({ nodeId }) => nodeId === node.nodeId) ?? null,
        homeFrom: (await homes.of(node.parkId)).find(({ nodeId }) => nodeId === node.nodeId)?.fromDate ?? null,
        quarantined: kept.get(node.nodeId) ?? 0,
      })),
    );
  };

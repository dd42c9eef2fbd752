import type { Contact } from '../contract.ts';
import type { Contacts, Homes, Nodes, NodeView } from './ports.ts';

/** Port: how many segments of each node are kept for a person to look at. */
export type QuarantinedCounts = () => Promise<ReadonlyMap<string, number>>;

export type NodeLine = {
  readonly node: NodeView;
  /** Of the process that goes on. */
  readonly contact: Contact | null;
  /** Of processes that do not: copies and what was replaced. The last word of each. */
  readonly copies: readonly Contact[];
  /** The first day on which it is at home in its park; null when it never is. */
  readonly homeFrom: string | null;
  readonly quarantined: number;
};

/** What is told to who does not go on. */
const STOPPED: ReadonlySet<string> = new Set(['fork', 'closed', 'revoked']);

/** @param heard of one node, newest first */
function tell(
  { incarnations }: NodeView,
  heard: Awaited<ReturnType<Contacts['all']>>,
): Pick<NodeLine, 'contact' | 'copies'> {
  const open = new Set(incarnations.filter(({ closed }) => closed === null).map(({ incarnation }) => incarnation));
  const isStopped = (one: (typeof heard)[number]): boolean => one.isCopy || STOPPED.has(one.verdict);
  const last = heard.filter((one, index) => heard.findIndex(({ process }) => process === one.process) === index);
  const contact =
    last.find((one) => open.has(one.incarnation) && !isStopped(one)) ??
    last.find((one) => !isStopped(one)) ??
    last[0] ??
    null;
  return { contact, copies: last.filter((one) => isStopped(one) && one.process !== contact?.process) };
}

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
        ...tell(
          node,
          heard.filter(({ nodeId }) => nodeId === node.nodeId),
        ),
        homeFrom: (await homes.of(node.parkId)).find(({ nodeId }) => nodeId === node.nodeId)?.fromDate ?? null,
        quarantined: kept.get(node.nodeId) ?? 0,
      })),
    );
  };

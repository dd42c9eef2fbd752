import type { Contact, Voice } from '../contract.ts';
import type { Contacts, Homes, Nodes, NodeView, Voices } from './ports.ts';

/** Port: how many segments of nodes are kept for a person to look at, and whether there is room for more. */
export type QuarantineUses = () => Promise<
  readonly { readonly nodeId: string; readonly segments: number; readonly isFull: boolean }[]
>;

export type NodeLine = {
  readonly node: NodeView;
  readonly contact: Contact | null;
  /** Machines under its name that do not go on: copies of it, and what it was put in place of. */
  readonly copies: readonly Voice[];
  /** The first day on which it is at home in its park; null when it never is. */
  readonly homeFrom: string | null;
  readonly quarantined: number;
  /** Nothing more of it is kept apart until somebody has decided about what is. */
  readonly isQuarantineFull: boolean;
};

/** All nodes with what was heard of them last. */
export type ListNodes = () => Promise<readonly NodeLine[]>;

type Dependencies = {
  readonly nodes: Nodes;
  readonly contacts: Contacts;
  readonly voices: Pick<Voices, 'stopped'>;
  readonly homes: Homes;
  readonly quarantineUses: QuarantineUses;
};

export const createListNodes =
  ({ nodes, contacts, voices, homes, quarantineUses }: Dependencies): ListNodes =>
  async () => {
    const [all, heard, stopped, uses] = await Promise.all([
      nodes.all(),
      contacts.all(),
      voices.stopped(),
      quarantineUses(),
    ]);
    return Promise.all(
      all.map(async (node) => {
        const isIts = ({ nodeId }: { readonly nodeId: string }): boolean => nodeId === node.nodeId;
        const use = uses.find(isIts);
        return {
          node,
          contact: heard.find(isIts) ?? null,
          copies: stopped.filter(isIts),
          homeFrom: (await homes.of(node.parkId)).find(isIts)?.fromDate ?? null,
          quarantined: use?.segments ?? 0,
          isQuarantineFull: use?.isFull ?? false,
        };
      }),
    );
  };

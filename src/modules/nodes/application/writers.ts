import type { NodeRole } from '../../../kernel/node-role.ts';
import type { Writers } from '../contract.ts';
import type { Nodes } from './ports.ts';

type Dependencies = { readonly nodes: Nodes; readonly nodeId: string; readonly role: NodeRole };

/** A node that was revoked does not come back, so what headquarters inherits from it stays its own. */
export const createWriters =
  ({ nodes, nodeId, role }: Dependencies): Writers =>
  async () => {
    if (role === 'park') return [nodeId];
    const revoked = (await nodes.all()).filter(({ status }) => status === 'revoked');
    return [nodeId, ...revoked.map((node) => node.nodeId)];
  };

import { texts } from '../texts/texts.ts';
import type { Node } from './load-today.ts';
import { LOOK_OF_STATE, stateOfNode } from './node-state.ts';

/** How the node of a park is; a park without one is served by headquarters. */
export function NodeBadge({ node }: { readonly node: Node | undefined }) {
  const { nodeStates, noNode } = texts().today;
  if (node === undefined) return <span class="badge">{noNode}</span>;
  const state = stateOfNode(node, Date.now());
  return <span class={`badge ${LOOK_OF_STATE[state]}`}>{nodeStates[state]}</span>;
}

import type { LogPlace } from '../contract.ts';
import type { AcceptedOf, CloseLives, NodeView } from './ports.ts';

/**
 * The store stops taking lives of a node’s log, those too that it has nothing of yet; then what it has is all there will ever be, and
 * can be written down. @param but a life that goes on
 * @returns how far all of its lives are here
 */
export type FenceLives = (
  node: Pick<NodeView, 'nodeId' | 'incarnations'>,
  but?: string,
) => Promise<readonly LogPlace[]>;

type Dependencies = { readonly acceptedOf: AcceptedOf; readonly closeLives: CloseLives };

export const createFenceLives =
  ({ acceptedOf, closeLives }: Dependencies): FenceLives =>
  async ({ nodeId, incarnations }, but) => {
    const held = await acceptedOf(nodeId);
    const isHeld = new Set(held.map(({ incarnation }) => incarnation));
    const unheld = incarnations
      .filter(({ incarnation, closed }) => closed === null && !isHeld.has(incarnation))
      .map(({ incarnation }) => ({ incarnation, seq: 0, link: '' }));
    await closeLives(
      nodeId,
      [...held, ...unheld].filter(({ incarnation }) => incarnation !== but),
    );
    return acceptedOf(nodeId);
  };

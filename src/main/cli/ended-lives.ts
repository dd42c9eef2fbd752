import type { Recorded } from '../../kernel/event-codec.ts';
import type { IncarnationOpened } from '../../modules/nodes/contract.ts';
import type {
  IncarnationClosed,
  NodeEnrolled,
  NodeInvited,
  NodeRevoked,
} from '../../modules/nodes/domain/node-messages.ts';
import { isOf } from './finding.ts';

type End = { readonly nodeId: string; readonly position: number };

/** Which lives of logs have ended, and may have taken with them what no node knows any more. */
export class EndedLives {
  readonly #parks = new Map<string, string>();
  readonly #ends: End[] = [];

  see(event: Recorded): void {
    const { position } = event.meta;
    if (isOf<NodeInvited>(event, 'NodeInvited') || isOf<NodeEnrolled>(event, 'NodeEnrolled')) {
      this.#parks.set(event.data.nodeId, event.data.parkId);
    } else if (
      isOf<IncarnationOpened>(event, 'IncarnationOpened') ||
      isOf<IncarnationClosed>(event, 'IncarnationClosed') ||
      isOf<NodeRevoked>(event, 'NodeRevoked')
    ) {
      this.#ends.push({ nodeId: event.data.nodeId, position });
    }
  }

  /**
   * Whether a ticket that is not known here, and by whose code people came in, may have gone with a life that ended. A park tells in order: what
   * it sold in a life it told before it told of the gates in it, so of a park the life ended before. Headquarters may forget at any time.
   * @param position where its people are first told of
   */
  explain({ parkId, position }: { readonly parkId: string; readonly position: number }): boolean {
    return this.#ends.some((end) => {
      const park = this.#parks.get(end.nodeId) ?? null;
      return park === null || (park === parkId && end.position < position);
    });
  }
}

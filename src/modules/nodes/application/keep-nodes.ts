import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { LogPlace } from '../contract.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { parkNode } from '../domain/node.ts';
import type { NodeKey, NodeRefusal } from '../domain/node-messages.ts';
import type { ParkHomeRefusal } from '../domain/park-home.ts';
import { homeStep, type HomeTools } from './assign-home.ts';
import { nodeStream } from './invite-node.ts';
import type { AcceptedOf, CloseLives, Nodes } from './ports.ts';
import { keysStep, type GateKey } from './publish-keys.ts';

/** What becomes of an enrolled node. */
export type KeepNodes = {
  /** Nothing is taken from it any more; its park comes home to headquarters on the first day that can. */
  revoke(nodeId: string, meta: CommandMeta): Promise<Result<null, NodeRefusal>>;
  /** A new life of its log stands in place of the one before, of which nothing after `accepted` is taken any more. */
  succeed(nodeId: string, accepted: LogPlace, successor: string): Promise<Result<null, NodeRefusal>>;
  rotateKey(
    nodeId: string,
    change: {
      readonly oldKeyId: string;
      readonly key: NodeKey;
      readonly oldUntil: { readonly incarnation: string; readonly seq: number };
    },
  ): Promise<Result<null, NodeRefusal>>;
  /** Makes the keys known that a park signs admission codes with. */
  publishKeys(node: { readonly nodeId: string; readonly parkId: string }, keys: readonly GateKey[]): Promise<void>;
};

type Dependencies = HomeTools & {
  readonly runner: CommandRunner;
  readonly nodes: Nodes;
  readonly acceptedOf: AcceptedOf;
  readonly closeLives: CloseLives;
};

const metaOf = (nodeId: string): CommandMeta => ({ actor: `node:${nodeId}`, correlationId: `node:${nodeId}` });

export function createKeepNodes(dependencies: Dependencies): KeepNodes {
  const { runner, ids, clock, nodes, acceptedOf, closeLives, nodeId: headquarters } = dependencies;
  return {
    async revoke(nodeId, meta) {
      const found = await nodes.find(nodeId);
      if (found === null) return refuse({ code: 'node_not_found' });
      const { parkId } = found;
      // The store stops taking first, so that what it then has is all there will ever be.
      await closeLives(nodeId, await acceptedOf(nodeId));
      const accepted = await acceptedOf(nodeId);
      const steps: Step<NodeRefusal | ParkHomeRefusal>[] = [
        step(parkNode, nodeStream(ids, nodeId), { kind: 'revoke', accepted, nowMs: clock.now() }),
      ];
      if (found.status === 'enrolled')
        steps.push(await homeStep(dependencies, { parkId, nodeId: headquarters, from: null }));
      const done = await runner.runAll(steps, { ...meta, parkId });
      if (done.ok) return ok(null);
      const refusal = ownRefusal(done.refusal);
      return refuse(
        refusal.code === 'day_has_begun' || refusal.code === 'park_has_node' ? { code: 'node_not_found' } : refusal,
      );
    },
    async succeed(nodeId, previous, successor) {
      const command = { kind: 'succeed', previous, successor } as const;
      const done = await runner.run(parkNode, nodeStream(ids, nodeId), command, metaOf(nodeId));
      if (!done.ok) return refuse(ownRefusal(done.refusal));
      await closeLives(nodeId, [previous]);
      return ok(null);
    },
    async rotateKey(nodeId, change) {
      const command = { kind: 'rotate_key', ...change, nowMs: clock.now() } as const;
      const done = await runner.run(parkNode, nodeStream(ids, nodeId), command, metaOf(nodeId));
      return done.ok ? ok(null) : refuse(ownRefusal(done.refusal));
    },
    async publishKeys({ nodeId, parkId }, keys) {
      await runner.runAll([keysStep(ids, { nodeId, parkId }, keys)], metaOf(nodeId));
    },
  };
}

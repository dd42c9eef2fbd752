import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { LogPlace } from '../contract.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { parkNode } from '../domain/node.ts';
import type { NodeCommand, NodeKey, NodeRefusal } from '../domain/node-messages.ts';
import { inheritStep, type HomeTools } from './assign-home.ts';
import { createFenceLives } from './fence-lives.ts';
import { nodeStream } from './invite-node.ts';
import type { AcceptedOf, CloseLives, InheritGates, Nodes } from './ports.ts';
import { keysStep, type GateKey } from './publish-keys.ts';

/** What becomes of an enrolled node. */
export type KeepNodes = {
  /**
   * Nothing is taken from it any more, and headquarters is its heir: the home of all its days, and who goes on with what it
   * wrote. Told again, it finishes what it had begun.
   */
  revoke(nodeId: string, meta: CommandMeta): Promise<Result<null, NodeRefusal>>;
  /** A new life of its log stands in place of the one before, of which nothing after `accepted` is taken any more. */
  succeed(nodeId: string, accepted: LogPlace, successor: string): Promise<Result<null, NodeRefusal>>;
  /** Another key beside the one in force, which has signed for it. */
  certifyKey(
    nodeId: string,
    change: { readonly oldKeyId: string; readonly key: NodeKey },
  ): Promise<Result<null, NodeRefusal>>;
  /** The key before the newest one is good from now on for nothing but what it has sealed. */
  retireKey(
    nodeId: string,
    change: {
      readonly oldKeyId: string;
      readonly keyId: string;
      readonly oldUntil: { readonly incarnation: string; readonly seq: number };
    },
  ): Promise<Result<null, NodeRefusal>>;
  /** Makes the keys known that a park signs admission codes with. */
  publishKeys(node: { readonly nodeId: string; readonly parkId: string }, keys: readonly GateKey[]): Promise<void>;
};

type Dependencies = Pick<HomeTools, 'ids' | 'clock' | 'nodeId'> & {
  readonly runner: CommandRunner;
  readonly nodes: Nodes;
  readonly inheritGates: InheritGates;
  readonly acceptedOf: AcceptedOf;
  readonly closeLives: CloseLives;
};

const metaOf = (nodeId: string): CommandMeta => ({ actor: `node:${nodeId}`, correlationId: `node:${nodeId}` });

export function createKeepNodes(dependencies: Dependencies): KeepNodes {
  const { runner, ids, clock, nodes, closeLives, inheritGates } = dependencies;
  const fence = createFenceLives(dependencies);

  async function changeKey(nodeId: string, command: NodeCommand): Promise<Result<null, NodeRefusal>> {
    const done = await runner.run(parkNode, nodeStream(ids, nodeId), command, metaOf(nodeId));
    return done.ok ? ok(null) : refuse(ownRefusal(done.refusal));
  }

  return {
    async revoke(nodeId, meta) {
      const found = await nodes.find(nodeId);
      if (found === null) return refuse({ code: 'node_not_found' });
      const { parkId } = found;
      const accepted = await fence(found);
      const command = { kind: 'revoke', accepted, nowMs: clock.now() } as const;
      const revoked = await runner.run(parkNode, nodeStream(ids, nodeId), command, { ...meta, parkId });
      if (!revoked.ok) return refuse(ownRefusal(revoked.refusal));
      // From here on its streams are headquarters' to go on with, those of its days and gates among them.
      const inherited = [
        inheritStep(dependencies, { parkId, ofNode: nodeId }),
        ...(await inheritGates(parkId, nodeId)),
      ];
      const done = await runner.runAll(inherited, { ...meta, parkId });
      assert(done.ok, 'what a revoked node leaves can always be inherited');
      return ok(null);
    },
    async succeed(nodeId, previous, successor) {
      const command = { kind: 'succeed', previous, successor } as const;
      const done = await runner.run(parkNode, nodeStream(ids, nodeId), command, metaOf(nodeId));
      if (!done.ok) return refuse(ownRefusal(done.refusal));
      await closeLives(nodeId, [previous]);
      return ok(null);
    },
    certifyKey: (nodeId, change) => changeKey(nodeId, { kind: 'certify_key', ...change, nowMs: clock.now() }),
    retireKey: (nodeId, change) => changeKey(nodeId, { kind: 'retire_key', ...change, nowMs: clock.now() }),
    async publishKeys({ nodeId, parkId }, keys) {
      await runner.runAll([keysStep(ids, { nodeId, parkId }, keys)], metaOf(nodeId));
    },
  };
}

import { step, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { parkNode } from '../domain/node.ts';
import type { NodeKey, NodeRefusal } from '../domain/node-messages.ts';
import type { ParkHomeRefusal } from '../domain/park-home.ts';
import { homeStep, type HomeTools } from './assign-home.ts';
import { nodeStream } from './invite-node.ts';
import type { AcceptedOf, CloseLives, HashSecret, Nodes } from './ports.ts';
import { keysStep, type GateKey } from './publish-keys.ts';

/** What a node brings to be enrolled; its signature was checked. */
export type EnrolRequest = {
  readonly code: string;
  readonly nodeId: string;
  readonly parkId: string;
  readonly key: NodeKey;
  readonly admissionKeys: readonly GateKey[];
  /** The life of the log that it writes. */
  readonly incarnation: string;
};

/** Makes an invited node known by its keys, and its park its home. The same request told twice is done once. */
export type EnrolNode = (
  request: EnrolRequest,
  correlationId: string,
) => Promise<Result<null, NodeRefusal | ParkHomeRefusal>>;

type Dependencies = HomeTools & {
  readonly runner: CommandRunner;
  readonly nodes: Nodes;
  readonly hashSecret: HashSecret;
  readonly acceptedOf: AcceptedOf;
  readonly closeLives: CloseLives;
  readonly gateKeys: readonly GateKey[];
};

export const createEnrolNode =
  (dependencies: Dependencies): EnrolNode =>
  async (request, correlationId) => {
    const { runner, ids, clock, nodes, hashSecret, acceptedOf, closeLives, gateKeys, nodeId: ownId } = dependencies;
    const { nodeId, parkId, key, incarnation } = request;
    const codeHash = hashSecret(request.code);
    const found = await nodes.byCodeHash(codeHash);
    // A code is for one name at one park: whoever started a node under another one has to notice.
    if (found?.nodeId !== nodeId || found.parkId !== parkId) return refuse({ code: 'code_invalid' });
    const meta = { actor: `node:${nodeId}`, correlationId, parkId };
    const accepted = await acceptedOf(nodeId);
    const command = { kind: 'enrol', codeHash, key, incarnation, accepted, nowMs: clock.now() } as const;
    const steps: Step<NodeRefusal | ParkHomeRefusal>[] = [
      step(parkNode, nodeStream(ids, nodeId), command),
      keysStep(ids, { nodeId, parkId }, request.admissionKeys),
      keysStep(ids, { nodeId: ownId, parkId: null }, gateKeys),
      await homeStep(dependencies, { parkId, nodeId, from: found.homeFrom }),
    ];
    const done = await runner.runAll(steps, meta);
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    const ended = accepted.filter((place) => place.incarnation !== incarnation);
    if (ended.length > 0) await closeLives(nodeId, ended);
    return ok(null);
  };

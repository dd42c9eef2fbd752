import { step, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { parkNode } from '../domain/node.ts';
import type { NodeKey, NodeRefusal } from '../domain/node-messages.ts';
import { parkHome, type ParkHomeRefusal } from '../domain/park-home.ts';
import { homeStep, type HomeTools } from './assign-home.ts';
import { createFenceLives } from './fence-lives.ts';
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

export const createEnrolNode = (dependencies: Dependencies): EnrolNode => {
  const { runner, ids, clock, nodes, hashSecret, gateKeys, nodeId: ownId } = dependencies;
  const fence = createFenceLives(dependencies);
  return async (request, correlationId) => {
    const { nodeId, parkId, key, incarnation } = request;
    const codeHash = hashSecret(request.code);
    const found = await nodes.byCodeHash(codeHash);
    // A code is for one name at one park: whoever started a node under another one has to notice.
    if (found?.nodeId !== nodeId || found.parkId !== parkId) return refuse({ code: 'code_invalid' });
    const asked = { kind: 'enrol', codeHash, key, incarnation, nowMs: clock.now() } as const;
    const stream = nodeStream(ids, nodeId);
    const home = await homeStep(dependencies, { parkId, nodeId, from: found.homeFrom });
    // Nobody is cut off for what would be refused, or was done before: it might be the one who goes on.
    const foreseen = parkNode.decide({ ...asked, accepted: [] }, (await runner.stateOf(parkNode, stream)).state);
    if (!foreseen.ok) return foreseen;
    if (foreseen.value.length === 0) return ok(null);
    const atHome = home.decide((await runner.stateOf(parkHome, home.streamId)).state);
    if (!atHome.ok) return refuse(atHome.refusal);
    // What the machine before it sends meanwhile would be here and after the end that is written down.
    const accepted = await fence(found, incarnation);
    const steps: Step<NodeRefusal | ParkHomeRefusal>[] = [
      step(parkNode, stream, { ...asked, accepted }),
      keysStep(ids, { nodeId, parkId }, request.admissionKeys),
      keysStep(ids, { nodeId: ownId, parkId: null }, gateKeys),
      home,
    ];
    const done = await runner.runAll(steps, { actor: `node:${nodeId}`, correlationId, parkId });
    return done.ok ? ok(null) : refuse(ownRefusal(done.refusal));
  };
};

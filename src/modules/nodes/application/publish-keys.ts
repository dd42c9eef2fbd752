import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { admissionKeys } from '../domain/admission-keys.ts';
import type { PublishedKey } from '../contract.ts';
import type { Nodes } from './ports.ts';

/** The public half of a key that signs admission codes. */
export type GateKey = Pick<PublishedKey, 'keyId' | 'x'>;

type Owner = Pick<PublishedKey, 'nodeId' | 'parkId'>;

/** Makes keys of a node known; those that are known already change nothing. */
export const keysStep = (ids: Ids, owner: Owner, keys: readonly GateKey[]): Step<never> =>
  step(admissionKeys, ids.derive(`admission-keys:${owner.nodeId}`), {
    kind: 'publish',
    keys: keys.map(({ keyId, x }) => ({ keyId, x, ...owner })),
  });

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly nodes: Nodes;
  readonly gateKeys: readonly GateKey[];
  readonly nodeId: string;
};

/** Tells parks of the keys that headquarters signs codes with, as soon as there is a park to tell. */
export const createPublishKeys =
  ({ runner, ids, nodes, gateKeys, nodeId }: Dependencies) =>
  async (meta: CommandMeta): Promise<void> => {
    if ((await nodes.all()).length === 0) return;
    await runner.runAll([keysStep(ids, { nodeId, parkId: null }, gateKeys)], meta);
  };

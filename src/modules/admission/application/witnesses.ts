import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { nodeWitness, type SeenHead } from '../domain/node-witness.ts';

/** Port: the log of this node, as its devices remember it. */
export type NodeLog = {
  head(): Promise<SeenHead>;
  /** The link of the event at a place; null when there is none. */
  linkAt(incarnation: string, seq: number): Promise<string | null>;
};

/**
 * Devices remember how far they saw the log of their node. Who tells of a place that is not here, or is another, shows that the
 * node was put back; that is told in the log, once for all devices, and the device is answered all the same.
 * @param seen the highest the device saw; null when it saw none
 * @returns where the log is now, for the device to remember
 */
export type CompareHeads = (
  device: { readonly deviceId: string; readonly parkId: string },
  seen: SeenHead | null,
  correlationId: string,
) => Promise<SeenHead>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly nodeLog: NodeLog };

export function createCompareHeads({ runner, ids, nodeLog }: Dependencies): CompareHeads {
  return async ({ deviceId, parkId }, seen, correlationId) => {
    // Before the first event there is nothing to lose.
    const link = seen === null || seen.seq === 0 ? null : await nodeLog.linkAt(seen.incarnation, seen.seq);
    if (seen !== null && seen.seq > 0 && link !== seen.link) {
      const what = link === null ? 'missing' : 'different';
      const streamId = ids.derive(`node-witness:${parkId}/${seen.incarnation}`);
      const meta = { actor: `device:${deviceId}`, correlationId, parkId };
      await runner.run(nodeWitness, streamId, { deviceId, parkId, what, seen }, meta);
    }
    return nodeLog.head();
  };
}

import { BEGINNING } from '../../infrastructure/event-store/authored-event.ts';
import type { CommandMeta } from '../../kernel/command-runner.ts';
import type { LogPlace, ReplicationLog } from '../../kernel/replication.ts';
import type { NodesModule } from '../../modules/nodes/module.ts';

const META: CommandMeta = { actor: 'system', correlationId: 'lives' };

export type LifeTools = {
  readonly nodeId: string;
  readonly replication: ReplicationLog;
  readonly nodes: Pick<NodesModule, 'openLife' | 'contacts'>;
};

/** Says what the current life of headquarters’ log stands in place of. Harmless to repeat. */
export async function tellLife({ nodeId, replication, nodes }: LifeTools, previous: LogPlace): Promise<void> {
  const { incarnation } = await replication.head();
  await nodes.openLife({ nodeId, incarnation, reason: 'restored', previous }, [], META);
  await nodes.contacts.doubt('not heard since headquarters was set back');
}

/**
 * Begins a new life of headquarters’ log, in which it sells nothing of days that other nodes keep the gates of.
 * @param forgotten the life of which something lacks. One that was never heard of here is over, so that nobody tells of it twice
 */
export async function beginLife(tools: LifeTools, forgotten: string): Promise<void> {
  const { nodeId, replication } = tools;
  const { incarnation, seq, link } = await replication.head();
  await replication.openIncarnation('restored');
  await tellLife(tools, { incarnation, seq, link });
  const isKnown = (await replication.authors()).some((author) => author.incarnation === forgotten);
  if (!isKnown) await replication.closeAuthor({ nodeId, incarnation: forgotten, seq: 0, link: BEGINNING });
}

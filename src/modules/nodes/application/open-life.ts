import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Beginning, IncarnationOpened } from '../contract.ts';
import { incarnation } from '../domain/incarnation.ts';

/**
 * Writes the first thing of a new life of this node's log, together with what gives up rights that the node may have used
 * up in the life that it lost. The log has begun the new life before.
 */
export type OpenLife = (
  life: IncarnationOpened['data'],
  givingUp: readonly Step<{ readonly code: string }>[],
  meta: CommandMeta,
) => Promise<void>;

/** What a life of this node's log stands in place of, and why; null when nothing was told of it. */
export type BeginningOf = (incarnationId: string) => Promise<Beginning | null>;

/** The stream on which a node tells of one life of its log. */
export const lifeStream = (ids: Ids, incarnationId: string): string => ids.derive(`incarnation:${incarnationId}`);

export const createBeginningOf =
  ({ runner, ids }: { readonly runner: CommandRunner; readonly ids: Ids }): BeginningOf =>
  async (incarnationId) =>
    (await runner.stateOf(incarnation, lifeStream(ids, incarnationId))).state;

export const createOpenLife =
  ({ runner, ids }: { readonly runner: CommandRunner; readonly ids: Ids }): OpenLife =>
  async (life, givingUp, meta) => {
    const opened = step(incarnation, lifeStream(ids, life.incarnation), { kind: 'open', ...life });
    const done = await runner.runAll<{ readonly code: string }>([opened, ...givingUp], meta);
    assert(done.ok, 'a new life can always be told of');
  };

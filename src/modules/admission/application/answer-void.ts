import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import { answeredVoid, type VoidCommand } from '../domain/void.ts';
import { admissionStreamId } from './admission-stream.ts';
import type { HomeOf } from './ports.ts';

/**
 * Ends a ticket at this node's gates because headquarters asks to, or says that somebody has come in. A ticket that this node has
 * not heard of is ended all the same. A question about gates of another node is not answered here.
 */
export type AnswerVoid = (
  question: Omit<VoidCommand, 'nowMs'> & { readonly voidId: string },
  meta: CommandMeta,
) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly homeOf: HomeOf;
};

export const createAnswerVoid =
  ({ runner, ids, clock, nodeId, homeOf }: Dependencies): AnswerVoid =>
  async (question, meta) => {
    const { ticketId, parkId, visitDate } = question;
    if ((await homeOf(parkId, visitDate)) !== nodeId) return;
    const command = { ...question, nowMs: clock.now() };
    const done = await runner.run(answeredVoid, admissionStreamId(ids, ticketId), command, { ...meta, parkId });
    assert(done.ok, 'a question about a ticket can always be answered');
  };

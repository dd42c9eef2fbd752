import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { answeredVoid, type VoidCommand } from '../domain/void.ts';
import { admissionsOf, type OwnStreams } from './own-streams.ts';
import type { GatesOf } from './ports.ts';

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
  readonly ownStreams: OwnStreams;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly gatesOf: GatesOf;
};

export const createAnswerVoid =
  ({ runner, ownStreams, clock, nodeId, gatesOf }: Dependencies): AnswerVoid =>
  async (question, meta) => {
    const { ticketId, parkId, visitDate } = question;
    const { home, nodes } = await gatesOf(parkId, visitDate);
    if (home !== nodeId) return;
    const { streamId, besides } = ownStreams(admissionsOf(ticketId), nodes);
    const command = { ...question, nowMs: clock.now() };
    const done = await runner.run(answeredVoid, streamId, command, { ...meta, parkId }, { besides });
    assert(done.ok, 'a question about a ticket can always be answered');
  };

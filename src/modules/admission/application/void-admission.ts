import { step, type Step } from '../../../kernel/command-runner.ts';
import { admissionVoid, type VoidCommand, type VoidRefusal } from '../domain/void.ts';
import { admissionsOf, type OwnStreams } from './own-streams.ts';
import type { GatesOf } from './ports.ts';

/** A part of somebody else's unit of work, such as a cancellation: both are stored or neither is. */
export type VoidStep = (command: VoidCommand) => Promise<Step<VoidRefusal>>;

type Dependencies = { readonly ownStreams: OwnStreams; readonly gatesOf: GatesOf };

export const createVoidStep =
  ({ ownStreams, gatesOf }: Dependencies): VoidStep =>
  async (command) => {
    const { nodes } = await gatesOf(command.parkId, command.visitDate);
    const { streamId, besides } = ownStreams(admissionsOf(command.ticketId), nodes);
    return step(admissionVoid, streamId, command, { besides });
  };

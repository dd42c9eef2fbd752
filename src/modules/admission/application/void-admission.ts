import { step, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { admissionVoid, type VoidCommand, type VoidRefusal } from '../domain/void.ts';
import { admissionStreamId } from './admission-stream.ts';

/** A part of somebody else's unit of work, such as a cancellation: both are stored or neither is. */
export type VoidStep = (command: VoidCommand) => Step<VoidRefusal>;

export const createVoidStep =
  (ids: Ids): VoidStep =>
  (command) =>
    step(admissionVoid, admissionStreamId(ids, command.ticketId), command);

import type { StepOptions } from '../../../kernel/step.ts';
import type { Ids } from '../../../kernel/ids.ts';

/** The stream on which a node writes of something, and those on which others write of the same. */
export type OwnStream = { readonly streamId: string } & Required<Pick<StepOptions, 'besides'>>;

/**
 * Where this node writes of what happens at gates. A stream has one writer for ever, and a ticket may see several nodes at the gates of
 * its days: headquarters ends a ticket of a day that becomes a park's later. So each writes on a stream of its own and decides on all
 * that it knows of. Headquarters has the plain name; so had nodes of parks once, whose past is found there.
 * @param name of the thing
 * @param nodes of parks that may have written of it
 */
export type OwnStreams = (name: string, nodes: readonly string[]) => OwnStream;

type Dependencies = {
  readonly ids: Pick<Ids, 'derive'>;
  /** Of this node. */
  readonly nodeId: string;
  /** The park of a park's node, which is told nothing of what others write at gates; null at headquarters. */
  readonly parkId: string | null;
};

export const createOwnStreams =
  ({ ids, nodeId, parkId }: Dependencies): OwnStreams =>
  (name, nodes) =>
    parkId === null
      ? { streamId: ids.derive(name), besides: nodes.map((node) => ids.derive(`${name}/${node}`)) }
      : { streamId: ids.derive(`${name}/${nodeId}`), besides: [ids.derive(name)] };

/** Of who comes in by a ticket; not the ticket's own stream, which its seller writes. */
export const admissionsOf = (ticketId: string): string => `admission:${ticketId}`;

import type { TextSeal } from '../../infrastructure/keys/text-seal.ts';
import type { FeedPlace } from '../../kernel/replication.ts';

/**
 * Proofs that headquarters has given a node a place in its feed. What they are made with is not in the database, so that one which
 * was put back still knows the places that it forgot; and no node can make one, so that none can say that there are such places.
 */
export type PlaceProofs = {
  /** The place with its proof. Only of a place that is in the log: whoever has a proof is believed that it was. */
  prove(nodeId: string, place: FeedPlace): FeedPlace;
  isProven(nodeId: string, place: FeedPlace): boolean;
};

const purposeFor = (nodeId: string): string => `place for ${nodeId}`;
const textOf = ({ incarnation, position, link }: FeedPlace): string => JSON.stringify([incarnation, position, link]);

export const createPlaceProofs = (seal: TextSeal): PlaceProofs => ({
  prove(nodeId, place) {
    const text = textOf(place);
    return { ...place, proof: seal.seal(purposeFor(nodeId), text).slice(text.length + 1) };
  },
  isProven: (nodeId, place) => seal.open(purposeFor(nodeId), `${textOf(place)}.${place.proof ?? ''}`) !== null,
});

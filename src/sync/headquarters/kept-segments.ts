import type { SealedSegment } from '../../kernel/replication.ts';
import type { HeadquartersTools } from './ports.ts';
import { takeAgain } from './take-segment.ts';

/** What can be done with a segment that was kept apart. Nobody can have one stored that is against the rules. */
export type KeptLog = {
  /** Stores it if nothing speaks against it any more; whatever is stored already is not stored again. @returns why not, or null */
  take(segment: SealedSegment): Promise<string | null>;
  /** Whether the log of its node can go on by this segment only: all that the node writes waits for it. */
  isWaitedFor(segment: SealedSegment): Promise<boolean>;
};

type Tools = Pick<HeadquartersTools, 'log' | 'travels' | 'knows' | 'parksOf'> & {
  readonly registry: Pick<HeadquartersTools['registry'], 'find'>;
};

/** What a person decides about segments that were kept apart, as far as the log is concerned. */
export const createKeptLog = ({ log, travels, knows, parksOf, registry }: Tools): KeptLog => ({
  async take(segment) {
    const { nodeId, incarnation } = segment.header;
    const node = await registry.find(nodeId);
    if (node === null) return 'no such node is enrolled here';
    const isKnown = node.incarnations.some((life) => life.incarnation === incarnation);
    if (!isKnown) return 'this life of the log was never told of';
    const taken = await takeAgain({ log, travels, knows, parksOf }, node, segment);
    return taken.kind === 'taken' ? null : taken.trouble;
  },
  async isWaitedFor({ header: { nodeId, incarnation, first, previousLink } }) {
    const node = await registry.find(nodeId);
    const life = node?.incarnations.find((one) => one.incarnation === incarnation);
    if (life === undefined) return false;
    const author = (await log.authors()).find((one) => one.incarnation === incarnation);
    const { seq, link } = author ?? { seq: 0, link: null };
    // Of a life that ended what is missing is still taken, up to where it ended.
    if (life.closed !== null && first > life.closed.seq) return false;
    // Another event stands there, or one comes there: what follows it is not this.
    return first > seq && !(first === seq + 1 && link !== null && previousLink !== link);
  },
});

import type { Author, LogPlace, PeerCheckpoint } from '../../kernel/replication.ts';
import { linkText } from './authored-event.ts';

/** Rows of authors and peers, and what they say in the words of the kernel. */

export type PlaceRow = { readonly incarnation: string; readonly seq: number; readonly link: Buffer };
export type AuthorRow = PlaceRow & {
  readonly nodeId: string;
  readonly closedSeq: number | null;
  readonly closedLink: Buffer | null;
  readonly isWhole: boolean;
};
export type PeerRow = {
  readonly peerNodeId: string;
  readonly feedIncarnation: string | null;
  readonly feedPosition: number;
  readonly feedLink: Buffer;
  readonly ackedIncarnation: string | null;
  readonly ackedSeq: number;
  readonly ackedLink: Buffer;
  readonly lastContactMs: number;
};

export const placeOf = ({ incarnation, seq, link }: PlaceRow): LogPlace => ({ incarnation, seq, link: linkText(link) });

export const authorOf = ({ nodeId, closedSeq, closedLink, isWhole, ...place }: AuthorRow): Author => ({
  nodeId,
  ...placeOf(place),
  closedAt: closedSeq === null || closedLink === null ? null : { seq: closedSeq, link: linkText(closedLink) },
  isWhole,
});

export const peerOf = (row: PeerRow): PeerCheckpoint => ({
  peerNodeId: row.peerNodeId,
  feed:
    row.feedIncarnation === null
      ? null
      : { incarnation: row.feedIncarnation, position: row.feedPosition, link: linkText(row.feedLink) },
  acked:
    row.ackedIncarnation === null
      ? null
      : { incarnation: row.ackedIncarnation, seq: row.ackedSeq, link: linkText(row.ackedLink) },
  lastContactMs: row.lastContactMs,
});

import type { FeedPlace, LogPlace } from '../../kernel/replication.ts';
import type { KnownIncarnation, RegisteredNode } from '../../modules/nodes/contract.ts';
import { PROTOCOL } from '../protocol/limits.ts';
import type { Verdict } from '../protocol/messages.ts';

export type Judged = {
  readonly verdict: Verdict;
  readonly trouble: string | null;
  /** To come again after so many ms; at once where it is not said. */
  readonly retryAfterMs?: number;
};

const told = (verdict: Verdict, trouble: string): Judged => ({ verdict, trouble });
export const OK: Judged = { verdict: 'ok', trouble: null };

/** Whether we talk with a node at all; null: as far as this can tell. */
export function judgeNode(
  node: RegisteredNode | null,
  protocol: { readonly min: number; readonly max: number },
): Judged | null {
  if (node === null || node.status === 'invited') return told('unknown', 'no such node is enrolled here');
  if (node.status === 'revoked') return told('revoked', 'the node was revoked');
  if (protocol.max < PROTOCOL.min) {
    const trouble = `the node speaks protocol ${protocol.max}, and ${PROTOCOL.min} is the oldest: upgrade it`;
    return told('upgrade_required', trouble);
  }
  if (protocol.min > PROTOCOL.max) {
    const trouble = `the node speaks protocol ${protocol.min}, and ${PROTOCOL.max} is the newest: upgrade headquarters first`;
    return told('upgrade_required', trouble);
  }
  return null;
}

/** What a life of a log is that has ended. */
export const judgeClosed = ({ closed }: KnownIncarnation): Judged =>
  closed === null ? OK : told('closed', `this life of the log was ${closed.why} after event ${closed.seq}`);

/** What a copy of a node is that was told to stop: it goes on when it is enrolled anew, and not before. */
export function judgeStopped({ incarnations }: RegisteredNode, previous: string): Judged {
  const isOver = incarnations.some(({ incarnation, closed }) => incarnation === previous && closed !== null);
  return told(
    isOver ? 'closed' : 'fork',
    'this copy of the node was stopped since another one goes on: switch it off, or enrol it again to let it go on instead',
  );
}

/** Another process of the node ran before this one, and is still there. */
export const COPY: Judged = told(
  'fork',
  'another machine of this node ran before this one and still does: this one is a copy. Switch it off, or enrol it again to let it go on instead',
);

/** A copy is told so soon. */
const MOST_WAIT_MS = 15_000;

/** Until it is known whether whoever wrote before is still there. */
export const waitForSilence = (waitMs: number): Judged => ({
  verdict: 'slow_down',
  trouble:
    'this log says that it was put back, but another machine of this node was heard just now: it waits whether that one is still there',
  retryAfterMs: Math.min(waitMs, MOST_WAIT_MS),
});

/** Of its lives only some were told: with the answer it hears which are known, and tells those after them. */
export const tellMore: Judged = {
  verdict: 'slow_down',
  trouble: 'this log had more lives than a hello tells of: it goes on telling',
  retryAfterMs: 1_000,
};

/** It says of our log what we do not know and what it cannot prove. Others are not to suffer from its word; a person finds out. */
export const judgeUnproven = ({ incarnation, position }: FeedPlace): Judged =>
  told(
    'unproven',
    `the node says that it read headquarters up to ${position} of life ${incarnation}, which is not here, and cannot prove it: ` +
      'its key is in other hands, or headquarters was set back and has lost its marker and the key that such proofs are made with',
  );

/** How what a node says its newest event is stands to what we have of it. */
export function judgeHead(head: LogPlace, accepted: LogPlace | null): Judged {
  if (accepted === null) return OK;
  if (accepted.seq > head.seq) {
    return told(
      'rollback',
      `event ${accepted.seq} was here already, and the node is at ${head.seq}: its log was set back`,
    );
  }
  if (accepted.seq === head.seq && accepted.link !== head.link) {
    return told('fork', `event ${head.seq} is another one here: two copies of the node have written`);
  }
  return OK;
}

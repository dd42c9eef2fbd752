import { BrokenInvariant } from '../../kernel/assert.ts';
import type { LogPlace, Receive, ReceiveOutcome, SealedSegment } from '../../kernel/replication.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import type { Verdict } from '../protocol/messages.ts';
import { judgeClosed, judgeNode } from './judge-hello.ts';
import { isTrusted } from './keys-in-force.ts';
import { knowsMore, segmentFault } from './judge-segment.ts';
import type { HeadquartersTools } from './ports.ts';
import type { Session } from './session.ts';

export type Stopped = {
  readonly kind: 'stopped';
  readonly verdict: Verdict;
  readonly trouble: string;
  /** Send from here on. */
  readonly expected: number | null;
  readonly isQuarantined: boolean;
};

export type Taken =
  | {
      readonly kind: 'taken';
      /** Up to where we now have it for good. */
      readonly place: LogPlace;
      readonly stored: number;
      /** It was taken, and still something is wrong. */
      readonly trouble: string | null;
    }
  | Stopped;

const SET_BACK = 'the node has read more of headquarters than there is: headquarters was set back';

const FULL = 'it is not kept, since so many segments of the node wait for a person that there is no room for more';

const stopped = (verdict: Verdict, trouble: string, expected: number | null = null): Stopped => ({
  kind: 'stopped',
  verdict,
  trouble,
  expected,
  isQuarantined: false,
});

/** Keeps a segment apart that must not be stored. */
async function quarantine(
  { log }: Pick<HeadquartersTools, 'log'>,
  segment: SealedSegment,
  verdict: Verdict,
  why: string,
): Promise<Stopped> {
  const isQuarantined = await log.quarantine(segment, why);
  return { ...stopped(verdict, isQuarantined ? why : `${why}; ${FULL}`), isQuarantined };
}

async function receive(
  { log }: Pick<HeadquartersTools, 'log'>,
  segment: SealedSegment,
  about: Pick<Receive, 'peer'> = {},
): Promise<ReceiveOutcome> {
  const { header, signature, events } = segment;
  const { nodeId, incarnation, first, previousLink } = header;
  const chain = { nodeId, incarnation, first, previousLink };
  try {
    return await log.receive({ events, chain, segment: { header, signature }, ...about });
  } catch (error) {
    // What no store could keep is the author's fault, and waits for a person like all that is.
    if (error instanceof BrokenInvariant) return { outcome: 'unfit', why: error.message };
    throw error;
  }
}

/** What is to be said of a segment that was received, and where it goes that could not be. */
async function taken(
  tools: Pick<HeadquartersTools, 'log'>,
  segment: SealedSegment,
  received: ReceiveOutcome,
  trouble: string | null,
): Promise<Taken> {
  const { incarnation, last, lastLink } = segment.header;
  switch (received.outcome) {
    case 'stored':
    case 'already_stored': {
      const stored = received.outcome === 'stored' ? received.stored : 0;
      return { kind: 'taken', place: { incarnation, seq: last, link: lastLink }, stored, trouble };
    }
    case 'gap':
      return stopped('ok', `events from ${received.expected} on are missing`, received.expected);
    case 'closed':
      return stopped('closed', `this life of the log ended after event ${received.seq}`);
    case 'fork': {
      const why = `event ${received.seq} is another one here: two copies of the node have written`;
      return quarantine(tools, segment, 'fork', why);
    }
    case 'broken_chain':
      return quarantine(tools, segment, 'ok', `event ${received.seq} is not what its link says`);
    case 'id_reused':
      return quarantine(tools, segment, 'ok', `the id of event ${received.seq} is taken by another event`);
    case 'foreign_stream': {
      const why = `foreign_stream: event ${received.seq} is of a stream that node ${received.writer} writes`;
      return quarantine(tools, segment, 'ok', why);
    }
    case 'unfit':
      return quarantine(tools, segment, 'ok', received.why);
  }
}

/** Who sends a segment; the register is asked each time, so that a revocation acts at once. */
async function senderOf(
  { registry }: HeadquartersTools,
  session: Session,
  { header }: SealedSegment,
): Promise<Stopped | { readonly kind: 'sender'; readonly node: RegisteredNode }> {
  const { nodeId, incarnation, protocol } = session;
  const node = await registry.find(nodeId);
  const judged = judgeNode(node, { min: protocol, max: protocol });
  if (node === null || judged !== null) {
    return stopped(judged?.verdict ?? 'unknown', judged?.trouble ?? 'no such node is enrolled here');
  }
  if (!isTrusted(node, session)) return stopped('unknown', 'the key that began the session is not in force any more');
  const former = node.incarnations.find((one) => one.incarnation === header.incarnation)?.closed;
  // What it still lacked of a life before, up to where that ended.
  if (header.nodeId === nodeId && former?.why === 'succeeded' && header.last <= former.seq)
    return { kind: 'sender', node };
  if (header.nodeId !== nodeId || header.incarnation !== incarnation) {
    return stopped('unknown', 'the segment is not of the life of the log that said hello');
  }
  const life = node.incarnations.find((one) => one.incarnation === incarnation);
  const closed = life === undefined ? null : judgeClosed(life);
  if (closed === null || closed.verdict === 'ok') return { kind: 'sender', node };
  return stopped(closed.verdict, closed.trouble ?? closed.verdict);
}

/** A segment that was looked at, and is being stored if nothing speaks against it. */
export type Begun = {
  readonly isStoring: boolean;
  /** How it ended. To be called once, when it is known how all before it ended. */
  end(): Promise<Taken>;
};

/**
 * Checks one segment and begins to store it in one transaction. The next one may be begun before this one has ended: they are
 * stored in the order in which they were begun, and behind one that is not stored none is.
 */
export async function beginSegment(tools: HeadquartersTools, session: Session, segment: SealedSegment): Promise<Begun> {
  const { log, clock, travels, knows, parksOf } = tools;
  const sender = await senderOf(tools, session, segment);
  if (sender.kind === 'stopped') return { isStoring: false, end: async () => sender };
  const fault = await segmentFault(segment, { node: sender.node, travels, knows, parksOf });
  if (fault !== null) return { isStoring: false, end: () => quarantine(tools, segment, 'ok', fault) };
  const trouble = knowsMore(segment, await log.head()) ? SET_BACK : null;
  const peer = { peerNodeId: segment.header.nodeId, lastContactMs: clock.now() };
  const receiving = receive(tools, segment, { peer });
  // Whoever waits for it is told; it must not end the process before somebody does.
  receiving.catch(() => undefined);
  return { isStoring: true, end: async () => taken(tools, segment, await receiving, trouble) };
}

/** Tries to store a segment that was kept apart, by the same rules as one that a node sends. */
export async function takeAgain(
  tools: Pick<HeadquartersTools, 'log' | 'travels' | 'knows' | 'parksOf'>,
  node: RegisteredNode,
  segment: SealedSegment,
): Promise<Taken> {
  const fault = await segmentFault(segment, { ...tools, node });
  if (fault !== null) return stopped('ok', fault);
  return taken(tools, segment, await receive(tools, segment), null);
}

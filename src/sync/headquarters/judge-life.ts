import type { Author, LogPlace } from '../../kernel/replication.ts';
import { refuse } from '../../kernel/result.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import { MOST_OPENED } from '../protocol/limits.ts';
import type { HelloRequest, Message } from '../protocol/messages.ts';
import { COPY, judgeClosed, judgeStopped, OK, tellMore, waitForSilence, type Judged } from './judge-hello.ts';
import { hearVoice } from './judge-voice.ts';
import type { HeadquartersTools } from './ports.ts';

type Hello = Pick<Message<typeof HelloRequest>, 'nodeId' | 'process' | 'incarnation' | 'opened'>;

/** What headquarters has of a life of a log. */
export function acceptedOf(authors: readonly Author[], incarnation: string): LogPlace | null {
  const author = authors.find((one) => one.incarnation === incarnation);
  return author === undefined || author.seq === 0 ? null : { incarnation, seq: author.seq, link: author.link };
}

/** The told lives that are new here, each in place of the one before it and the first of them in place of one that we know. */
function newLives({ opened }: Hello, { incarnations }: RegisteredNode): Hello['opened'] {
  const known = new Set(incarnations.map(({ incarnation }) => incarnation));
  const first = opened.findIndex(
    ({ incarnation, previous }) => !known.has(incarnation) && known.has(previous.incarnation),
  );
  if (first === -1) return [];
  const lives = opened.slice(first);
  const parts = lives.findIndex(
    ({ previous }, index) => index > 0 && previous.incarnation !== lives[index - 1]?.incarnation,
  );
  return parts === -1 ? lives : lives.slice(0, parts);
}

/** The life that goes on as far as we know: the one that it says hello in, or the one that it wants to stand in place of. */
export function followedBy(node: RegisteredNode, hello: Hello): string {
  const isKnown = node.incarnations.some(({ incarnation }) => incarnation === hello.incarnation);
  return (isKnown ? undefined : newLives(hello, node)[0]?.previous.incarnation) ?? hello.incarnation;
}

/**
 * Where a life ends that another one stands in place of: as far as we have it, or as the node has it if that is more. Null when
 * we have another event where the node says that it ended: that is another copy of it.
 */
async function endOf(tools: HeadquartersTools, told: LogPlace): Promise<LogPlace | null> {
  const accepted = acceptedOf(await tools.log.authors(), told.incarnation);
  if (accepted === null || accepted.seq < told.seq) return told;
  const [segment] =
    told.seq === 0 ? [] : await tools.log.segmentsAfter(told.incarnation, told.seq - 1, { segments: 1 });
  const found = segment?.events.find(({ seq }) => seq === told.seq);
  return found === undefined || found.link === told.link ? accepted : null;
}

function judgeRefused(code: string): Judged {
  if (code === 'succeeded_already')
    return {
      verdict: 'fork',
      trouble: 'another life stands in place of the one before: two copies of the node are running',
    };
  const trouble =
    code === 'changed_too_often'
      ? 'the node began so many lives and keys that no more are believed: see who has its key, and enrol it again'
      : 'the life before this one is not known';
  return { verdict: 'unknown', trouble };
}

/**
 * Takes note of a life that is new here: it must stand in place of one that we know, and that nothing else does. As long as that
 * one may still be written by another process, it has to wait: whoever was put back may as well be a copy. Lives that do not fit
 * into one hello are told in several.
 */
export async function judgeLife(tools: HeadquartersTools, node: RegisteredNode, hello: Hello): Promise<Judged> {
  const { nodeId, incarnation, process, opened } = hello;
  const hear = (life: string): ReturnType<typeof hearVoice> => hearVoice(tools, { nodeId, incarnation, process, life });
  const current = node.incarnations.find((one) => one.incarnation === incarnation);
  if (current !== undefined) {
    const closed = judgeClosed(current);
    return closed.verdict === 'ok' && (await hear(incarnation)).isCopy ? COPY : closed;
  }
  const lives = newLives(hello, node);
  const [first, last] = [lives[0], lives.at(-1)];
  if (first === undefined || last === undefined) {
    const trouble = 'this life of the log was never told of';
    return opened.length === MOST_OPENED ? tellMore : { verdict: 'unknown', trouble };
  }
  const stopped = lives.find(({ reason }) => reason === 'stopped');
  if (stopped !== undefined) return judgeStopped(node, stopped.previous.incarnation);
  if ((await endOf(tools, first.previous)) !== null) {
    const { isCopy, waitMs } = await hear(first.previous.incarnation);
    if (isCopy) return COPY;
    if (waitMs > 0) return waitForSilence(waitMs);
  }
  for (const { incarnation: successor, previous } of lives) {
    const end = await endOf(tools, previous);
    const done =
      end === null ? refuse({ code: 'succeeded_already' }) : await tools.registry.succeed(nodeId, end, successor);
    if (!done.ok) return judgeRefused(done.refusal.code);
  }
  return last.incarnation === incarnation ? OK : tellMore;
}

import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { LogPlace } from '../../kernel/replication.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import { CREDIT, PROTOCOL } from '../protocol/limits.ts';
import type { HelloAnswer, HelloRequest, Message } from '../protocol/messages.ts';
import { isGenuine, signed } from '../protocol/signing.ts';
import { resumeFeed } from './feed-place.ts';
import { COPY, judgeClosed, judgeHead, judgeNode, judgeStopped, judgeWaiting, type Judged } from './judge-hello.ts';
import { hearVoice } from './judge-voice.ts';
import type { HeadquartersTools } from './ports.ts';

type Hello = Message<typeof HelloRequest>;
type Welcome = Message<typeof HelloAnswer>;

/** Refused is whoever cannot prove to be the node that it names. */
export type SayHello = (hello: Hello) => Promise<Result<Welcome, { readonly code: 'not_genuine' }>>;

/** What headquarters has of a life of a log. */
export async function acceptedOf(
  { log }: Pick<HeadquartersTools, 'log'>,
  incarnation: string,
): Promise<LogPlace | null> {
  const author = (await log.authors()).find((one) => one.incarnation === incarnation);
  return author === undefined || author.seq === 0 ? null : { incarnation, seq: author.seq, link: author.link };
}

/** What an older program calls itself, which does not say: it cannot be told from its copy before both have written. */
const NO_PROCESS = '00000000-0000-0000-0000-000000000000';

/** The life that goes on as far as we know: the one that it says hello in, or the one that it wants to stand in place of. */
const followedBy = (node: RegisteredNode, hello: Hello): string =>
  unknownLives(hello, node)?.[0]?.previous.incarnation ?? hello.incarnation;

const hear = (tools: HeadquartersTools, node: RegisteredNode, hello: Hello): ReturnType<typeof hearVoice> => {
  const { nodeId, incarnation, process = NO_PROCESS } = hello;
  return hearVoice(tools, { nodeId, incarnation, process, life: followedBy(node, hello) });
};

/**
 * Takes note of a life that is new here: it must stand in place of one that we know, and that nothing else does. As long as that
 * one may still be written by another process, it has to wait: whoever was put back may as well be a copy.
 */
async function judgeLife(tools: HeadquartersTools, node: RegisteredNode, hello: Hello): Promise<Judged> {
  const { nodeId, incarnation } = hello;
  const life = node.incarnations.find((one) => one.incarnation === incarnation);
  if (life !== undefined) {
    const closed = judgeClosed(life);
    return closed.verdict === 'ok' && (await hear(tools, node, hello)).isCopy ? COPY : closed;
  }
  const unknown = unknownLives(hello, node);
  if (unknown === null) return { verdict: 'unknown', trouble: 'this life of the log was never told of' };
  const stopped = unknown.find(({ reason }) => reason === 'stopped');
  if (stopped !== undefined) return judgeStopped(node, stopped.previous.incarnation);
  const [first] = unknown;
  if (first !== undefined && (await endOf(tools, first.previous)) !== null) {
    const { isCopy, waitMs } = await hear(tools, node, hello);
    if (isCopy) return COPY;
    if (waitMs > 0) return judgeWaiting(Math.min(waitMs, MOST_WAIT_MS));
  }
  for (const { incarnation: successor, previous } of unknown) {
    const end = await endOf(tools, previous);
    const done =
      end === null ? refuse({ code: 'succeeded_already' }) : await tools.registry.succeed(nodeId, end, successor);
    if (!done.ok) return judgeRefused(done.refusal.code);
  }
  return { verdict: 'ok', trouble: null };
}

/** A copy is told so soon. */
const MOST_WAIT_MS = 15_000;

const judgeRefused = (code: string): Judged =>
  code === 'succeeded_already'
    ? { verdict: 'fork', trouble: 'another life stands in place of the one before: two copies of the node are running' }
    : { verdict: 'unknown', trouble: 'the life before this one is not known' };

/** The lives from the first one that we do not know to the current one; null when they follow none that we know. */
function unknownLives({ incarnation, opened }: Hello, { incarnations }: RegisteredNode): Hello['opened'] | null {
  const lives: Hello['opened'] = [];
  for (let current = incarnation; lives.length < opened.length;) {
    const life = opened.find((one) => one.incarnation === current);
    if (life === undefined) return null;
    lives.unshift(life);
    current = life.previous.incarnation;
    if (incarnations.some((one) => one.incarnation === current)) return lives;
  }
  return null;
}

/**
 * Where a life ends that another one stands in place of: as far as we have it, or as the node has it if that is more. Null when
 * we have another event where the node says that it ended: that is another copy of it.
 */
async function endOf(tools: HeadquartersTools, told: LogPlace): Promise<LogPlace | null> {
  const accepted = await acceptedOf(tools, told.incarnation);
  if (accepted === null || accepted.seq < told.seq) return told;
  const [segment] =
    told.seq === 0 ? [] : await tools.log.segmentsAfter(told.incarnation, told.seq - 1, { segments: 1 });
  const found = segment?.events.find(({ seq }) => seq === told.seq);
  return found === undefined || found.link === told.link ? accepted : null;
}

/** Lives of which the node has more than we: up to where we have them. */
async function formerOf({ log }: HeadquartersTools, { incarnations }: RegisteredNode): Promise<Welcome['former']> {
  const authors = await log.authors();
  return incarnations.flatMap(({ incarnation, closed }) => {
    const seq = authors.find((one) => one.incarnation === incarnation)?.seq ?? 0;
    return closed?.why === 'succeeded' && seq < closed.seq ? [{ incarnation, seq }] : [];
  });
}

/** Lives before the current one of which we have anything: the node may have lost it, and knows nothing of it on a new machine. */
async function earlierOf(
  { log }: HeadquartersTools,
  { incarnations }: RegisteredNode,
  current: string,
): Promise<Welcome['former']> {
  const authors = await log.authors();
  return incarnations.flatMap(({ incarnation }) => {
    const seq = authors.find((one) => one.incarnation === incarnation)?.seq ?? 0;
    return incarnation === current || seq === 0 ? [] : [{ incarnation, seq }];
  });
}

async function judge(
  tools: HeadquartersTools,
  node: RegisteredNode,
  hello: Hello,
  accepted: LogPlace | null,
): Promise<Judged> {
  const life = await judgeLife(tools, node, hello);
  return life.verdict === 'ok' ? judgeHead(hello.head, accepted) : life;
}

/** Both sides prove who they are; then it is settled whether, and from where on, they hand each other their logs. */
export function createSayHello(tools: HeadquartersTools): SayHello {
  const { nodeId: headquarters, log, registry, signer, sessions, clock, onNews } = tools;

  async function welcome(hello: Hello, node: RegisteredNode, refused: Judged | null): Promise<Welcome> {
    const { nodeId, incarnation, process = NO_PROCESS, head } = hello;
    const accepted = await acceptedOf(tools, incarnation);
    const judged = refused ?? (await judge(tools, node, hello, accepted));
    const isWelcome = judged.verdict === 'ok';
    const { feed, isStrange } = await resumeFeed(log, hello.feed);
    const trouble = isStrange
      ? (judged.trouble ?? 'the node has read more of headquarters than there is: headquarters was set back')
      : judged.trouble;
    const protocol = Math.min(hello.protocol.max, PROTOCOL.max);
    const nowMs = clock.now();
    const { position } = await log.head();
    await registry.noteContact({
      nodeId,
      atMs: nowMs,
      verdict: judged.verdict,
      trouble,
      appVersion: hello.appVersion,
      protocol,
      incarnation,
      process,
      follows: followedBy(node, hello),
      headSeq: head.seq,
      acceptedSeq: accepted?.seq ?? 0,
      feedLag: Math.max(0, position - (feed?.position ?? 0)),
      clockOffsetMs: hello.clockOffsetMs === null ? hello.clockMs - nowMs : -hello.clockOffsetMs,
    });
    onNews({ nodeId, step: 'hello', verdict: judged.verdict, trouble });
    if (isWelcome) await registry.publishKeys(node, hello.admissionKeys);
    const session = { nodeId, parkId: node.parkId, incarnation, process, protocol };
    const known = isWelcome ? ((await registry.find(nodeId)) ?? node) : null;
    const answer = {
      nonce: hello.nonce,
      headquarters,
      verdict: judged.verdict,
      trouble,
      accepted,
      former: known === null ? [] : await formerOf(tools, known),
      earlier: known === null ? [] : await earlierOf(tools, known, incarnation),
      feed,
      credit: isWelcome ? CREDIT : 0,
      session: isWelcome ? sessions.begin(session) : null,
      protocol,
      clockMs: clock.now(),
      retryAfterMs: judged.retryAfterMs ?? 0,
    };
    return signed('welcome', answer, signer);
  }

  return async (hello) => {
    const { nodeId, challenge } = hello;
    const node = await registry.find(nodeId);
    const key = node?.keys.find(({ until }) => until === null);
    const isFresh = sessions.isChallenge(challenge, nodeId);
    if (node === null || key === undefined || !isFresh || !(await isGenuine('hello', hello, key.publicKey))) {
      return refuse({ code: 'not_genuine' });
    }
    return ok(await welcome(hello, node, judgeNode(node, hello.protocol)));
  };
}

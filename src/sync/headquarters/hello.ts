import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { LogPlace } from '../../kernel/replication.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import { CREDIT, PROTOCOL } from '../protocol/limits.ts';
import type { HelloAnswer, HelloRequest, Message } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import { resumeFeed, type ResumedFeed } from './feed-place.ts';
import { judgeClosed, judgeHead, judgeNode, judgeStopped, type Judged } from './judge-hello.ts';
import { keysInForce, signerOf } from './keys-in-force.ts';
import type { HeadquartersTools } from './ports.ts';

type Hello = Message<typeof HelloRequest>;
const SET_BACK = 'the node has read more of headquarters than there is: headquarters was set back';

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

/** Takes note of a life that is new here: it must stand in place of one that we know, and that nothing else does. */
async function judgeLife(tools: HeadquartersTools, node: RegisteredNode, hello: Hello): Promise<Judged> {
  const { nodeId, incarnation } = hello;
  const life = node.incarnations.find((one) => one.incarnation === incarnation);
  if (life !== undefined) return judgeClosed(life);
  const unknown = unknownLives(hello, node);
  if (unknown === null) return { verdict: 'unknown', trouble: 'this life of the log was never told of' };
  const stopped = unknown.find(({ reason }) => reason === 'stopped');
  if (stopped !== undefined) return judgeStopped(node, stopped.previous.incarnation);
  for (const { incarnation: successor, previous } of unknown) {
    const end = await endOf(tools, previous);
    const done =
      end === null ? refuse({ code: 'succeeded_already' }) : await tools.registry.succeed(nodeId, end, successor);
    if (!done.ok) return judgeRefused(done.refusal.code);
  }
  return { verdict: 'ok', trouble: null };
}

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
  const { nodeId: headquarters, log, registry, signer, sessions, clock, beginLife, onNews } = tools;

  /** A node that is the one that goes on knows more of our log than there is: nobody else has told us that it was set back. */
  async function resume(asked: Hello['feed'], isWelcome: boolean): Promise<ResumedFeed> {
    const resumed = await resumeFeed(log, asked);
    if (resumed.setBack !== 'unnoticed' || !isWelcome || asked === null) return resumed;
    await beginLife(asked.incarnation);
    return resumeFeed(log, asked);
  }

  async function welcome(
    hello: Hello,
    { node, keyId }: { readonly node: RegisteredNode; readonly keyId: string },
    refused: Judged | null,
  ): Promise<Welcome> {
    const { nodeId, incarnation, head } = hello;
    const accepted = await acceptedOf(tools, incarnation);
    const judged = refused ?? (await judge(tools, node, hello, accepted));
    const isWelcome = judged.verdict === 'ok';
    const { feed, setBack } = await resume(hello.feed, isWelcome);
    const trouble = setBack === 'no' ? judged.trouble : (judged.trouble ?? SET_BACK);
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
      headSeq: head.seq,
      acceptedSeq: accepted?.seq ?? 0,
      feedLag: Math.max(0, position - (feed?.position ?? 0)),
      clockOffsetMs: hello.clockOffsetMs === null ? hello.clockMs - nowMs : -hello.clockOffsetMs,
      parked: hello.parked ?? [],
    });
    onNews({ nodeId, step: 'hello', verdict: judged.verdict, trouble });
    if (isWelcome) await registry.publishKeys(node, hello.admissionKeys);
    const session = { nodeId, parkId: node.parkId, incarnation, protocol, keyId };
    const answer = {
      nonce: hello.nonce,
      headquarters,
      verdict: judged.verdict,
      trouble,
      accepted,
      former: isWelcome ? await formerOf(tools, (await registry.find(nodeId)) ?? node) : [],
      feed,
      keys: keysInForce(node).map((key) => key.keyId),
      credit: isWelcome ? CREDIT : 0,
      session: isWelcome ? sessions.begin(session) : null,
      protocol,
      clockMs: clock.now(),
      retryAfterMs: 0,
    };
    return signed('welcome', answer, signer);
  }

  return async (hello) => {
    const { nodeId, challenge } = hello;
    const node = await registry.find(nodeId);
    const isFresh = sessions.isChallenge(challenge, nodeId);
    const key = isFresh ? await signerOf('hello', hello, node) : null;
    if (node === null || key === null) return refuse({ code: 'not_genuine' });
    return ok(await welcome(hello, { node, keyId: key.keyId }, judgeNode(node, hello.protocol)));
  };
}

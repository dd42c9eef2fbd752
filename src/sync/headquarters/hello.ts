import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Author, LogPlace } from '../../kernel/replication.ts';
import type { RegisteredNode } from '../../modules/nodes/contract.ts';
import { CREDIT, PROTOCOL } from '../protocol/limits.ts';
import type { HelloAnswer, HelloRequest, Message, Verdict } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import { resumeFeed, type ResumedFeed } from './feed-place.ts';
import { judgeHead, judgeNode, judgeUnproven, type Judged } from './judge-hello.ts';
import { acceptedOf, followedBy, judgeLife } from './judge-life.ts';
import { keysInForce, signerOf } from './keys-in-force.ts';
import type { HeadquartersTools } from './ports.ts';

type Hello = Message<typeof HelloRequest>;

/** The version of the protocol that is spoken with a node. */
const spokenWith = ({ protocol }: Pick<Hello, 'protocol'>): number => Math.min(protocol.max, PROTOCOL.max);

/** The first version of the protocol whose parks know what `unproven` means. */
const PROOFS = 2;

const SET_BACK = 'the node has read more of headquarters than there is: headquarters was set back';

type Welcome = Message<typeof HelloAnswer>;

/** What is told to a process that does not go on, or not yet: of the node it says nothing. */
const BESIDE: ReadonlySet<Verdict> = new Set<Verdict>(['fork', 'closed', 'slow_down']);

/** Refused is whoever cannot prove to be the node that it names. */
export type SayHello = (hello: Hello) => Promise<Result<Welcome, { readonly code: 'not_genuine' }>>;

/** Lives of a node that we know of, and up to where we have each. */
type Held = readonly (RegisteredNode['incarnations'][number] & { readonly seq: number })[];

function heldOf(authors: readonly Author[], { incarnations }: RegisteredNode): Held {
  const held = new Map(authors.map(({ incarnation, seq }) => [incarnation, seq]));
  return incarnations.map((life) => ({ ...life, seq: held.get(life.incarnation) ?? 0 }));
}

/** Lives of which the node has more than we: up to where we have them. */
const formerOf = (held: Held): Welcome['former'] =>
  held.flatMap(({ incarnation, closed, seq }) =>
    closed?.why === 'succeeded' && seq < closed.seq ? [{ incarnation, seq }] : [],
  );

/** All lives of the node that we know but the current one: up to where we have them. */
const livesOf = (held: Held, current: string): Welcome['lives'] =>
  held.filter(({ incarnation }) => incarnation !== current).map(({ incarnation, seq }) => ({ incarnation, seq }));

async function judge(
  tools: HeadquartersTools,
  node: RegisteredNode,
  hello: Hello,
  accepted: LogPlace | null,
): Promise<Judged> {
  const life = await judgeLife(tools, node, hello);
  return life.verdict === 'ok' ? judgeHead(hello.head, accepted) : life;
}

/** Why a node that is served does not read on, in words. */
const outdatedBy = ({ stoppedAt = null }: Hello): string | null =>
  stoppedAt === null
    ? null
    : `the node reads headquarters no further, since its program does not know a ${stoppedAt.type} of version ${stoppedAt.version}: upgrade it`;

/** What was found of a hello, and where the node reads on. */
type Found = ResumedFeed & { readonly judged: Judged };

/**
 * A node that is the one that goes on knows more of our log than there is, and we gave it that: nobody else has told us that our log
 * was set back. What is only said, and not proven, stops nobody but who says it.
 */
async function resume(
  { log, placeProofs, beginLife }: HeadquartersTools,
  { nodeId, feed: asked }: Hello,
  judged: Judged,
): Promise<Found> {
  const resumed = await resumeFeed(log, asked);
  if (resumed.setBack !== 'unnoticed' || judged.verdict !== 'ok' || asked === null) return { judged, ...resumed };
  if (!placeProofs.isProven(nodeId, asked)) return { judged: judgeUnproven(asked), feed: null, setBack: 'no' };
  await beginLife(asked.incarnation);
  return { judged, ...(await resumeFeed(log, asked)) };
}

type Heard = {
  readonly hello: Hello;
  /** The life that goes on as far as we know. */
  readonly life: string;
  readonly accepted: LogPlace | null;
  readonly found: Found;
};

/** Writes down that a node was heard, what it said of itself and what it is told. @returns what is wrong, in words */
async function note(
  { log, registry, voices, clock, eventTypes, onNews }: HeadquartersTools,
  { hello, life, accepted, found: { judged, feed, setBack } }: Heard,
): Promise<string | null> {
  const { nodeId, incarnation, process, head, clockOffsetMs } = hello;
  const { verdict } = judged;
  const trouble = judged.trouble ?? (setBack === 'no' ? outdatedBy(hello) : SET_BACK);
  const nowMs = clock.now();
  const { position } = await log.head();
  const heard = { nodeId, incarnation, atMs: nowMs, verdict, trouble };
  await voices.note({ ...heard, life, process });
  if (!BESIDE.has(verdict)) {
    await registry.noteContact({
      ...heard,
      appVersion: hello.appVersion,
      protocol: spokenWith(hello),
      knowsSameTypes: hello.eventTypes === eventTypes,
      headSeq: head.seq,
      acceptedSeq: accepted?.seq ?? 0,
      feedLag: Math.max(0, position - (feed?.position ?? 0)),
      clockOffsetMs: clockOffsetMs === null ? hello.clockMs - nowMs : -clockOffsetMs,
      parked: hello.parked ?? [],
    });
  }
  onNews({ nodeId, step: 'hello', verdict, trouble });
  return trouble;
}

/** Both sides prove who they are; then it is settled whether, and from where on, they hand each other their logs. */
export function createSayHello(tools: HeadquartersTools): SayHello {
  const { nodeId: headquarters, log, registry, signer, sessions, placeProofs, clock } = tools;

  async function welcome(
    hello: Hello,
    { node, keyId }: { readonly node: RegisteredNode; readonly keyId: string },
    refused: Judged | null,
  ): Promise<Welcome> {
    const { nodeId, incarnation, process } = hello;
    const authors = await log.authors();
    const accepted = acceptedOf(authors, incarnation);
    const found = await resume(tools, hello, refused ?? (await judge(tools, node, hello, accepted)));
    const { judged, feed } = found;
    const isWelcome = judged.verdict === 'ok';
    const trouble = await note(tools, { hello, life: followedBy(node, hello), accepted, found });
    const protocol = spokenWith(hello);
    if (isWelcome) await registry.publishKeys(node, hello.admissionKeys);
    const session = { nodeId, parkId: node.parkId, incarnation, process, protocol, keyId };
    const isNew = !node.incarnations.some((life) => life.incarnation === incarnation);
    // A life that was new here has changed what is known of those before it.
    const held = isNew ? heldOf(await log.authors(), (await registry.find(nodeId)) ?? node) : heldOf(authors, node);
    const answer = {
      nonce: hello.nonce,
      headquarters,
      verdict: judged.verdict === 'unproven' && protocol < PROOFS ? ('unknown' as const) : judged.verdict,
      trouble,
      accepted,
      former: isWelcome ? formerOf(held) : [],
      lives: livesOf(held, incarnation),
      feed: feed === null ? null : placeProofs.prove(nodeId, feed),
      keys: keysInForce(node).map((key) => key.keyId),
      credit: isWelcome ? CREDIT : 0,
      session: isWelcome ? sessions.begin(session) : null,
      protocol,
      clockMs: clock.now(),
      retryAfterMs: judged.retryAfterMs ?? 0,
    };
    return signed('welcome', answer, await signer());
  }

  return async (hello) => {
    const { nodeId, challenge } = hello;
    if (!sessions.isChallenge(challenge, nodeId)) return refuse({ code: 'not_genuine' });
    const node = await registry.find(nodeId);
    const key = await signerOf('hello', hello, node);
    if (node === null || key === null) return refuse({ code: 'not_genuine' });
    return ok(await welcome(hello, { node, keyId: key.keyId }, judgeNode(node, hello.protocol)));
  };
}

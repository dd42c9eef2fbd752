import { Type, type Static, type TSchema } from 'typebox';
import { nullable, oneOf } from '../../infrastructure/http/schemas.ts';
import type { AuthoredEvent, SealedSegment } from '../../kernel/replication.ts';
import { FEED_EVENTS, MOST_OPENED, MOST_REBUILT, MOST_SEGMENTS } from './limits.ts';

/** What nodes say to each other. Requests but the hello are closed to unknown fields; who reads an answer passes over what it does not know. */

/** What a node or a park is called: its settings know no other names. */
export const name = () => Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,49}$', maxLength: 50 });
export const id = () => Type.String({ format: 'uuid' });
export const count = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const keyId = () => Type.String({ pattern: '^[0-9a-f]{8}$', maxLength: 8 });
export const publicKey = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 });
const link = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 });
export const signature = () => Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', maxLength: 86 });
export const nonce = () => Type.String({ pattern: '^[A-Za-z0-9_-]{22,300}$', maxLength: 300 });
const session = () => Type.String({ pattern: '^[A-Za-z0-9_.-]+$', maxLength: 600 });

export const text = (maxLength: number) => Type.String({ maxLength });

/** What it does not name is passed over, also in requests. */
const OPEN = { additionalProperties: true } as const;

const range = () => Type.Object({ min: count(), max: count() });
const place = () => Type.Object({ incarnation: id(), seq: count(), link: link() });
/** A place in headquarters' feed, with the proof that headquarters gave it; programs before protocol 2 know none. */
const feedPlace = () =>
  Type.Object({ incarnation: id(), position: count(), link: link(), proof: Type.Optional(link()) }, OPEN);
const gateKeys = () => Type.Array(Type.Object({ keyId: keyId(), x: publicKey() }), { maxItems: 20 });

const typeVersion = () => Type.Object({ type: text(50), version: count() });

/** Why a node is or is not served. */
export const VERDICTS = [
  'ok',
  'rollback',
  'fork',
  'closed',
  'revoked',
  'unknown',
  'upgrade_required',
  'slow_down',
  'unproven',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const EnrolRequest = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 50 }),
  nodeId: name(),
  parkId: name(),
  keyId: keyId(),
  publicKey: publicKey(),
  admissionKeys: gateKeys(),
  incarnation: id(),
  nonce: nonce(),
  signature: signature(),
});

export const EnrolAnswer = Type.Object({
  nonce: nonce(),
  /** What headquarters says about the node, for whoever asks the node who it is. */
  nodeId: name(),
  parkId: name(),
  keyId: keyId(),
  publicKey: publicKey(),
  headquarters: Type.Object({ nodeId: name(), keyId: keyId(), publicKey: publicKey() }),
  enrolledAtMs: count(),
  signature: signature(),
});

export const ChallengeRequest = Type.Object({ nodeId: name() });
export const ChallengeAnswer = Type.Object({ challenge: nonce() });

/**
 * Whoever says hello may know a newer protocol, and is to be told so: what is not known here is passed over. The signature covers it all
 * the same.
 */
export const HelloRequest = Type.Object(
  {
    nodeId: name(),
    challenge: nonce(),
    nonce: nonce(),
    protocol: range(),
    incarnation: id(),
    /** What this start of the node's program has called itself. */
    process: id(),
    /**
     * How lives of its log began that are not its first one, each in place of the one before it in the list. The current one is the
     * last, unless there are more than may be told: then those that headquarters did not know when it answered last, from the first on.
     */
    opened: Type.Array(Type.Object({ incarnation: id(), previous: place(), reason: oneOf(['restored', 'stopped']) }), {
      maxItems: MOST_OPENED,
    }),
    head: place(),
    /** How far it has read headquarters. */
    feed: nullable(feedPlace()),
    /** Hash of the event types that it knows. */
    eventTypes: Type.String({ maxLength: 64 }),
    /** Of headquarters' events the next one to be read, which its program would have to understand. Older programs say nothing. */
    stoppedAt: Type.Optional(nullable(typeVersion())),
    clockMs: count(),
    /** How far it found headquarters' clock ahead of its own last time. */
    clockOffsetMs: nullable(Type.Integer()),
    appVersion: Type.String({ minLength: 1, maxLength: 50 }),
    /** What it could not handle, by subscription. Nodes that were made before this was told say nothing. */
    parked: Type.Optional(
      Type.Array(Type.Object({ subscription: text(63), events: count(), sinceMs: count() }, OPEN), { maxItems: 100 }),
    ),
    admissionKeys: gateKeys(),
    signature: signature(),
  },
  OPEN,
);

export const HelloAnswer = Type.Object({
  nonce: nonce(),
  headquarters: name(),
  verdict: oneOf(VERDICTS),
  trouble: nullable(Type.String({ maxLength: 500 })),
  /** Up to where headquarters has the current life of the log; null: nothing. */
  accepted: nullable(place()),
  /** Lives before the current one of which headquarters has less than the node wrote: up to where it has them. */
  former: Type.Array(Type.Object({ incarnation: id(), seq: count() })),
  /** All lives but the current one that headquarters knows, also of machines before this one: up to where it has them. */
  lives: Type.Array(Type.Object({ incarnation: id(), seq: count() })),
  /** Where to read on in the feed of headquarters; null: from the beginning. */
  feed: nullable(feedPlace()),
  /** Ids of the keys that the node is believed by, the newest first; two while it changes its key. */
  keys: Type.Optional(Type.Array(keyId())),
  credit: count(),
  session: nullable(session()),
  protocol: count(),
  clockMs: count(),
  retryAfterMs: count(),
  signature: signature(),
});

const anyObject = () => Type.Unsafe<AuthoredEvent['data']>({ type: 'object', additionalProperties: true });
const event = () =>
  Type.Object({
    id: id(),
    streamId: id(),
    aggregateType: text(50),
    type: text(50),
    schemaVersion: count(),
    data: anyObject(),
    version: count(),
    parkId: nullable(text(50)),
    actor: text(200),
    correlationId: text(200),
    causationId: nullable(text(200)),
    commandId: nullable(id()),
    occurredAtMs: count(),
    recordedAtMs: count(),
    appendSize: count(),
    nodeId: name(),
    incarnation: id(),
    seq: count(),
    hlc: Type.String({ pattern: '^[0-9]{1,18}$', maxLength: 18 }),
    link: link(),
  });

const segment = () =>
  Type.Unsafe<SealedSegment>(
    Type.Object({
      header: Type.Object({
        nodeId: name(),
        incarnation: id(),
        first: count(),
        last: count(),
        previousLink: link(),
        lastLink: link(),
        hlc: Type.String({ pattern: '^[0-9]{1,18}$', maxLength: 18 }),
        vector: Type.Array(Type.Array(Type.Union([id(), count()]), { minItems: 2, maxItems: 2 }), {
          maxItems: 1000,
        }),
        keyId: keyId(),
      }),
      signature: signature(),
      events: Type.Array(event(), { maxItems: 10_000 }),
    }),
  );

export const PushRequest = Type.Object({
  nonce: nonce(),
  segments: Type.Array(segment(), { minItems: 1, maxItems: MOST_SEGMENTS }),
});

export const PushAnswer = Type.Object({
  nonce: nonce(),
  verdict: oneOf(VERDICTS),
  /** What was wrong with the first segment that was not taken; null when all were. */
  trouble: nullable(Type.String({ maxLength: 500 })),
  /** Up to where headquarters has it for good, after each segment that it took. */
  taken: Type.Array(place()),
  /** Send from here on: something in between is missing. */
  expected: nullable(count()),
  credit: count(),
  retryAfterMs: count(),
  signature: signature(),
});

export const PullRequest = Type.Object({
  nonce: nonce(),
  after: count(),
  /** What the node has read up to there; where headquarters has something else, both have to say hello again. */
  link: Type.Optional(link()),
  /** Of lives of its own log that it holds a part of only: up to where. */
  rebuild: Type.Array(Type.Object({ incarnation: id(), seq: count() }), { maxItems: MOST_REBUILT }),
  /** Most events to answer, where the node can take only so many. */
  atMost: Type.Optional(Type.Integer({ minimum: 1, maximum: FEED_EVENTS })),
});

export const PullAnswer = Type.Object({
  nonce: nonce(),
  events: Type.Array(event()),
  /** Types among them of which the node has to know at least such a version, or the event's own if that is older. */
  understand: Type.Optional(Type.Array(typeVersion(), { maxItems: FEED_EVENTS })),
  place: feedPlace(),
  isEnd: Type.Boolean(),
  rebuilt: Type.Array(segment()),
  signature: signature(),
});

export type Message<Schema extends TSchema> = Readonly<Static<Schema>>;

import { SEGMENT_BYTES, SEGMENT_EVENTS, type LogPlace, type SealedSegment } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { FULL_BYTES, MOST_SEGMENTS } from '../protocol/limits.ts';
import { PushAnswer, type Verdict } from '../protocol/messages.ts';
import { createAsk, proven } from './ask.ts';
import type { ParkTools } from './ports.ts';

export type Session = {
  readonly token: string;
  readonly incarnation: string;
  /** Up to where headquarters has our log; null: nothing. */
  readonly accepted: LogPlace | null;
  /** Lives before it of which headquarters lacks something, up to where it has them. */
  readonly former: readonly { readonly incarnation: string; readonly seq: number }[];
  readonly credit: number;
  /** Up to where our log is handed over now. */
  readonly until: number;
};

/** How far a push or a pull came. */
export type Ended =
  | { readonly kind: 'drained' }
  /** There is more to hand over, but what headquarters has to say is to be read first. */
  | { readonly kind: 'turn_over' }
  | { readonly kind: 'stopping' }
  /** A new hello is needed. */
  | { readonly kind: 'session_over' }
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'trouble'; readonly verdict: Verdict; readonly trouble: string }
  /** What headquarters wrote next this program does not know and would have to. */
  | { readonly kind: 'outdated'; readonly type: string; readonly version: number };

const askPush = createAsk(PushAnswer);

/** Pushes that may be under way unanswered: the next one is unpacked and looked at while this one is stored. */
const MOST_UNDER_WAY = 2;

type Sent = {
  readonly segments: number;
  readonly nonce: string;
  /** It was sent while another one was not answered yet, and may have overtaken it. */
  readonly isAhead: boolean;
  readonly asked: ReturnType<typeof askPush>;
};

/** So many messages, up to 2 MiB each, are handed over before what headquarters has to say is read. */
const PUSHES_A_TURN = 16;

/** As many as fit into a message of a sensible size, one at least. */
function fitting(segments: readonly SealedSegment[]): readonly SealedSegment[] {
  const fit = segments.length * SEGMENT_BYTES <= FULL_BYTES;
  let bytes = 0;
  const end = segments.findIndex((segment, index) => {
    const [first] = segment.events;
    // A segment that holds more than one append is never larger than a segment may be.
    const isOneAppend = first === undefined || first.appendSize >= segment.events.length;
    bytes += fit && !isOneAppend ? SEGMENT_BYTES : Buffer.byteLength(JSON.stringify(segment));
    return index > 0 && bytes > FULL_BYTES;
  });
  return end === -1 ? segments : segments.slice(0, end);
}

/**
 * Hands over what headquarters does not have, a few segments at a time: first of lives before this one, since this one follows
 * them. Ends where the log ended when it began, and after a number of messages: a park that writes all the time, or comes back
 * with the work of days, hears of revocations meanwhile.
 * @param onTaken told of every place up to which headquarters has it for good
 */
export async function pushAll(
  tools: ParkTools,
  headquarters: KnownHeadquarters,
  session: Session,
  stopping: AbortSignal,
  onTaken: (place: LogPlace) => void,
): Promise<Ended> {
  const turn = { left: PUSHES_A_TURN };
  for (const { incarnation, seq } of session.former) {
    const life = { ...session, incarnation, accepted: null, seq, until: Infinity, turn };
    const ended = await new LifePush(tools, headquarters, life).run(stopping, onTaken);
    if (ended.kind !== 'drained') return ended;
  }
  const life = { ...session, seq: session.accepted?.seq ?? 0, turn };
  return new LifePush(tools, headquarters, life).run(stopping, onTaken);
}

/** What is handed over of one life in this turn, and how many messages the turn still has. */
type Share = Session & { readonly seq: number; readonly turn: { left: number } };

/** What is handed over of one life of the log. */
class LifePush {
  readonly #tools: ParkTools;
  readonly #headquarters: KnownHeadquarters;
  readonly #session: Share;
  readonly #underWay: Sent[] = [];
  #taken: LogPlace | null;
  /** Up to where it was sent. */
  #sent: number;
  #mostUnderWay: number;
  #isTurnOver = false;

  constructor(tools: ParkTools, headquarters: KnownHeadquarters, session: Share) {
    this.#tools = tools;
    this.#headquarters = headquarters;
    this.#session = session;
    this.#taken = session.accepted;
    this.#sent = session.seq;
    this.#mostUnderWay = session.credit > 1 ? MOST_UNDER_WAY : 1;
  }

  async run(stopping: AbortSignal, onTaken: (place: LogPlace) => void): Promise<Ended> {
    try {
      for (;;) {
        const trouble = stopping.aborted ? null : await this.#send();
        if (trouble !== null) return trouble;
        const oldest = this.#underWay.shift();
        if (oldest === undefined) return { kind: this.#whyNothing(stopping) };
        const ended = await this.#hear(oldest, onTaken);
        if (ended !== null) return ended;
      }
    } finally {
      await Promise.all(this.#underWay.map(({ asked }) => asked));
    }
  }

  #whyNothing(stopping: AbortSignal): 'stopping' | 'turn_over' | 'drained' {
    if (stopping.aborted) return 'stopping';
    return this.#isTurnOver ? 'turn_over' : 'drained';
  }

  /** Sends what there is and may be sent. */
  async #send(): Promise<Ended | null> {
    const { post, secret } = this.#tools;
    const { token, credit, until, turn } = this.#session;
    const fullSegments = Math.max(1, Math.floor(credit / this.#mostUnderWay));
    while (this.#underWay.length < this.#mostUnderWay && this.#sent < until) {
      this.#isTurnOver = turn.left === 0;
      if (this.#isTurnOver) break;
      const due = fitting(await this.#due(fullSegments));
      const [first, last] = [due[0]?.header, due.at(-1)?.header];
      if (first === undefined || last === undefined) break;
      turn.left -= 1;
      if (this.#taken !== null && first.first === this.#taken.seq + 1 && first.previousLink !== this.#taken.link) {
        const trouble = `event ${this.#taken.seq} is another one at headquarters: two copies of this node have written`;
        return { kind: 'trouble', verdict: 'fork', trouble };
      }
      const nonce = secret(16);
      const asked = askPush(post, '/push', { nonce, segments: due }, token);
      this.#underWay.push({ segments: due.length, nonce, isAhead: this.#underWay.length > 0, asked });
      this.#sent = last.last;
    }
    return null;
  }

  /** What is to be sent next: what is sealed already, or what is sealed now and need not be read again. */
  async #due(fullSegments: number): Promise<readonly SealedSegment[]> {
    const { log, signer } = this.#tools;
    const { incarnation } = this.#session;
    const limits = { segments: MOST_SEGMENTS, events: fullSegments * SEGMENT_EVENTS };
    const sealed = await log.segmentsAfter(incarnation, this.#sent, limits);
    if (sealed.length > 0) return sealed;
    await log.seal(signer, { segments: fullSegments });
    return log.segmentsAfter(incarnation, this.#sent, limits);
  }

  /** What headquarters said of a push; null when it goes on. */
  async #hear({ asked, nonce, segments, isAhead }: Sent, onTaken: (place: LogPlace) => void): Promise<Ended | null> {
    const { log, clock } = this.#tools;
    const { nodeId: peerNodeId, publicKey } = this.#headquarters;
    const answered = await proven(await asked, { kind: 'taken', publicKey, nonce });
    if (answered.kind === 'failed') return { kind: 'unreachable', reason: answered.reason };
    if (answered.kind === 'refused') return { kind: 'session_over' };
    const { verdict, trouble, taken: places, expected, retryAfterMs } = answered.answer;
    const last = places.at(-1);
    if (last !== undefined) {
      this.#taken = last;
      await log.notePeer({ peerNodeId, acked: last, lastContactMs: clock.now() });
      onTaken(last);
    }
    if (verdict === 'slow_down') return { kind: 'later', afterMs: retryAfterMs };
    if (expected !== null && isAhead && expected <= (this.#taken?.seq ?? 0) + 1) {
      // It came before the one that was sent before it, which is there now: once more from there, and one by one from now on.
      this.#sent = this.#taken?.seq ?? 0;
      this.#mostUnderWay = 1;
      return null;
    }
    // Headquarters lacks something in between: it says in a new hello from where on.
    if (expected !== null) return { kind: 'session_over' };
    if (verdict !== 'ok' || places.length < segments) {
      return { kind: 'trouble', verdict, trouble: trouble ?? 'headquarters took only a part' };
    }
    return null;
  }
}

import type { FeedPlace, LogPlace } from '../../kernel/replication.ts';
import type { KnownHeadquarters } from '../../modules/nodes/contract.ts';
import { ANOTHER_KEY } from './ask.ts';
import { retireOldKeys } from './change-key.ts';
import { fetchCards } from './fetch-cards.ts';
import { followKey } from './follow-key.ts';
import type { HelloAnswer, Message, Verdict } from '../protocol/messages.ts';
import type { ParkTools, SyncState } from './ports.ts';
import { pullAll } from './pull-all.ts';
import { pushAll, type Ended } from './push-all.ts';
import { sayHello, type Stop } from './say-hello.ts';

/** How long to wait when there is nothing to do: what headquarters wrote is then asked for again. */
const IDLE_MS = 2_000;
/** How often headquarters is told how we stand. */
const HELLO_MS = 30_000;
/** Pauses after a failure: anything from 0 up to a bound that doubles from the first to the second of these. */
const [FIRST_BOUND_MS, LAST_BOUND_MS] = [1_000, 60_000];

/** What is said to a node that is not the one that goes on. */
const STOPS: ReadonlySet<Verdict> = new Set<Verdict>(['fork', 'closed', 'revoked']);

/** After these ends of handing over, what headquarters has to say is read. */
const READS_ON: ReadonlySet<Ended['kind']> = new Set<Ended['kind']>(['drained', 'turn_over', 'later', 'trouble']);

/** After these ends the talk goes on without a new hello. */
const GOES_ON: ReadonlySet<Ended['kind']> = new Set<Ended['kind']>(['drained', 'turn_over', 'outdated']);

const outdated = ({ type, version }: Stop): string =>
  `headquarters wrote a ${type} of version ${version}, which this program has to know before it may read on: upgrade this node`;

type Talk = {
  readonly token: string;
  readonly incarnation: string;
  readonly credit: number;
  readonly sinceMs: number;
  /** Asked for once a talk, after the tickets that they are for. */
  hasCards: boolean;
  accepted: LogPlace | null;
  former: Message<typeof HelloAnswer>['former'];
  readonly lives: Message<typeof HelloAnswer>['lives'];
  feed: FeedPlace | null;
  /** Where our log ended when this round began. */
  until: number;
};

/** How far a round came; `not_enrolled` when there is nobody to talk to. */
export type RoundEnd = Ended['kind'] | 'not_enrolled' | 'restarted';

export type ParkSync = {
  /** Hands over and reads all there is, and pauses until there may be more. Never throws for what the network does. */
  round(stopping: AbortSignal): Promise<RoundEnd>;
};

/** The talk of a park node with headquarters. Nothing at the park waits for it. */
class Talking implements ParkSync {
  readonly #tools: ParkTools;
  #talk: Talk | null = null;
  #failures = 0;
  /** Lives of our log that headquarters knew when it answered last. */
  #known: ReadonlySet<string> = new Set();
  /** Lives of which headquarters has other events than we. */
  readonly #strange = new Set<string>();
  /** What this program would have to know to read on. */
  #stoppedAt: Stop | null = null;
  #state: SyncState = { verdict: 'unreachable', trouble: null, backlog: 0, lastContactMs: null, clockOffsetMs: null };

  constructor(tools: ParkTools) {
    this.#tools = tools;
  }

  async round(stopping: AbortSignal): Promise<RoundEnd> {
    const { headquarters: find, pause, untilNews } = this.#tools;
    const headquarters = await find();
    if (headquarters === null) {
      this.#tell({ verdict: 'not_enrolled' });
      await pause(IDLE_MS, stopping);
      return 'not_enrolled';
    }
    const ended = await this.#talkOnce(headquarters, stopping);
    if (ended === 'restarted') return ended;
    if (await this.#hasFollowed(headquarters, ended)) return 'session_over';
    if (ended.kind === 'unreachable') await this.#tellOf(headquarters, 'unreachable', ended.reason);
    if (ended.kind === 'trouble') await this.#tellOf(headquarters, ended.verdict, ended.trouble);
    if (ended.kind === 'outdated') await this.#tellOf(headquarters, 'upgrade_required', outdated(ended));
    if (ended.kind === 'drained' || ended.kind === 'outdated') await untilNews(IDLE_MS, stopping);
    else await pause(this.#waitAfter(ended), stopping);
    return ended.kind;
  }

  async #talkOnce(headquarters: KnownHeadquarters, stopping: AbortSignal): Promise<Ended | 'restarted'> {
    const { log, clock } = this.#tools;
    const { incarnation, seq } = await log.head();
    let talk = this.#talk;
    const ageMs = clock.now() - (talk?.sinceMs ?? -Infinity);
    // A clock that was set back makes no talk young: who works here is asked at its beginning.
    if (talk === null || talk.incarnation !== incarnation || ageMs < 0 || ageMs >= HELLO_MS) {
      this.#talk = null;
      const begun = await this.#begin(headquarters, stopping);
      if (begun === 'restarted' || 'kind' in begun) return begun;
      talk = begun;
    } else talk.until = seq;
    const ended = await this.#exchange(headquarters, talk, stopping);
    const goesOn = GOES_ON.has(ended.kind);
    this.#talk = goesOn ? talk : null;
    if (goesOn) this.#failures = 0;
    return ended.kind === 'trouble' && (await this.#stop(ended.verdict, stopping)) ? 'restarted' : ended;
  }

  /** Whether headquarters has changed its key and was believed that: then it is talked with anew, at once. */
  async #hasFollowed(headquarters: KnownHeadquarters, ended: Ended): Promise<boolean> {
    if (ended.kind !== 'unreachable' || ended.reason !== ANOTHER_KEY) return false;
    const followed = await followKey(this.#tools, headquarters);
    if (followed !== null) await this.#tools.keepHeadquarters(followed);
    return followed !== null;
  }

  /**
   * Whether this node had to stop: headquarters does not take it for the one that goes on. It gives up what it may sell, in a
   * life that headquarters takes nothing from, and once is enough.
   */
  async #stop(verdict: Verdict, stopping: AbortSignal): Promise<boolean> {
    const { log, lives } = this.#tools;
    if (!STOPS.has(verdict)) return false;
    const { incarnation } = await log.head();
    if ((await lives.beginningOf(incarnation))?.reason === 'stopped') return false;
    await lives.restart('stopped', stopping);
    return true;
  }

  async #begin(headquarters: KnownHeadquarters, stopping: AbortSignal): Promise<Ended | 'restarted' | Talk> {
    const { lives, clock } = this.#tools;
    await lives.mend();
    const asked = await sayHello(this.#tools, headquarters, this.#state.clockOffsetMs, this.#known, this.#stoppedAt);
    if (asked.kind === 'failed') return { kind: 'unreachable', reason: asked.reason };
    if (asked.kind === 'refused') {
      return { kind: 'trouble', verdict: 'unknown', trouble: 'headquarters does not know our key' };
    }
    const { answer, head, clockOffsetMs } = asked.answer;
    const { verdict, trouble, accepted, former, lives: there, feed, credit, session: token } = answer;
    this.#known = new Set(there.map((life) => life.incarnation));
    const backlog = Math.max(0, head.seq - (accepted?.seq ?? 0));
    this.#tell({ verdict, trouble, clockOffsetMs, lastContactMs: clock.now(), backlog });
    if (verdict === 'rollback') {
      await lives.restart('restored', stopping);
      return 'restarted';
    }
    if (await this.#stop(verdict, stopping)) return 'restarted';
    if (verdict === 'slow_down') return { kind: 'later', afterMs: answer.retryAfterMs };
    if (verdict !== 'ok' || token === null) return { kind: 'trouble', verdict, trouble: trouble ?? verdict };
    await retireOldKeys(this.#tools, headquarters, answer.keys ?? []);
    const sinceMs = clock.now();
    const talk = { token, incarnation: head.incarnation, credit, sinceMs, hasCards: false };
    return { ...talk, accepted, former, lives: there, feed, until: head.seq };
  }

  async #exchange(headquarters: KnownHeadquarters, talk: Talk, stopping: AbortSignal): Promise<Ended> {
    const { log, clock } = this.#tools;
    const pushed = await pushAll(this.#tools, headquarters, talk, stopping, (place) => {
      if (place.incarnation === talk.incarnation) talk.accepted = place;
      else
        talk.former = talk.former.map((life) =>
          life.incarnation === place.incarnation ? { ...life, ...place } : life,
        );
      this.#tell({ lastContactMs: clock.now() });
    });
    // What headquarters wrote is read even where it takes nothing from us: prices and revocations are in it. But what it grants
    // this life another copy is granted, too.
    if (!READS_ON.has(pushed.kind) || (pushed.kind === 'trouble' && STOPS.has(pushed.verdict))) return pushed;
    if (pushed.kind === 'drained') talk.former = [];
    const { feed, ...pulled } = await pullAll(this.#tools, headquarters, { ...talk, strange: this.#strange }, stopping);
    talk.feed = feed;
    if (pulled.kind === 'drained') this.#stoppedAt = null;
    if (pulled.kind === 'outdated') this.#stoppedAt = { type: pulled.type, version: pulled.version };
    // Who works here is read also where events are not: whoever was dismissed is out.
    if (pulled.kind !== 'drained' && pulled.kind !== 'outdated') return pulled;
    if (!talk.hasCards) {
      const cards = await fetchCards(this.#tools, { ...talk, publicKey: headquarters.publicKey }, stopping);
      if (cards.kind === 'failed') return { kind: 'unreachable', reason: cards.reason };
      if (cards.kind === 'refused') return { kind: 'session_over' };
      talk.hasCards = true;
    }
    const { seq } = await log.head();
    this.#tell({ lastContactMs: clock.now(), backlog: Math.max(0, seq - (talk.accepted?.seq ?? 0)) });
    return pushed.kind === 'drained' ? pulled : pushed;
  }

  /** How long to wait before the next round where there is something to do, in ms. */
  #waitAfter(ended: Ended): number {
    if (ended.kind === 'later') return ended.afterMs;
    if (ended.kind === 'stopping' || ended.kind === 'turn_over') return 0;
    this.#failures += 1;
    return this.#tools.random() * Math.min(LAST_BOUND_MS, FIRST_BOUND_MS * 2 ** (this.#failures - 1));
  }

  /** Says why headquarters takes nothing now, and how much waits for it by what it acknowledged last. */
  async #tellOf({ nodeId }: KnownHeadquarters, verdict: SyncState['verdict'], trouble: string): Promise<void> {
    const { log } = this.#tools;
    const { incarnation, seq } = await log.head();
    const acked = (await log.peers()).find(({ peerNodeId }) => peerNodeId === nodeId)?.acked;
    const backlog = acked?.incarnation === incarnation ? Math.max(0, seq - acked.seq) : seq;
    this.#tell({ verdict, trouble, backlog });
  }

  #tell(change: Partial<SyncState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tools.onState(this.#state);
  }
}

export const createParkSync = (tools: ParkTools): ParkSync => new Talking(tools);

import type { FeedPage, LogPlace, SealedSegment } from '../../kernel/replication.ts';
import { CREDIT, FEED_EVENTS, FULL_BYTES } from '../protocol/limits.ts';
import type { Message, PullAnswer, PullRequest } from '../protocol/messages.ts';
import { signed } from '../protocol/signing.ts';
import type { HeadquartersTools } from './ports.ts';
import type { Session } from './session.ts';

/** A page of what headquarters tells the park of a session; null: the park has read something else, and has to say hello. */
export type HandOut = (
  session: Session,
  pull: Message<typeof PullRequest>,
) => Promise<Message<typeof PullAnswer> | null>;

const bytesIn = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

export function createHandOut({ log, registry, signer, placeProofs, travels, onNews }: HeadquartersTools): HandOut {
  const typesDown = (way: 'every_park' | 'its_park'): readonly string[] =>
    [...travels].filter(([, travel]) => travel?.down === way).map(([type]) => type);
  const [everyParkTypes, itsParkTypes] = [typesDown('every_park'), typesDown('its_park')];

  /** Fewer events where they are large: a page is as long as a message may well be, or one event. */
  async function page(parkId: string, afterPosition: number, after: LogPlace, most: number): Promise<FeedPage> {
    for (let limit = most; ; limit = Math.ceil(limit / 4)) {
      const found = await log.feed({ parkId, everyParkTypes, itsParkTypes, afterPosition, after, limit });
      if (limit === 1 || bytesIn(found.events) <= FULL_BYTES) return found;
    }
  }

  /** Which types of them a park has to know, from which version on. */
  function needed(events: FeedPage['events']): readonly { readonly type: string; readonly version: number }[] {
    const types = [...new Set(events.map(({ type }) => type))];
    return types.flatMap((type) => {
      const version = travels.get(type)?.mustUnderstand;
      return version === undefined ? [] : [{ type, version }];
    });
  }

  /** Of lives of its own log that it lost, or lost the end of: what we have of it. */
  async function rebuilt(nodeId: string, asked: Parameters<HandOut>[1]['rebuild']): Promise<readonly SealedSegment[]> {
    if (asked.length === 0) return [];
    const node = await registry.find(nodeId);
    const segments: SealedSegment[] = [];
    for (const { incarnation, seq } of asked) {
      if (!node?.incarnations.some((life) => life.incarnation === incarnation)) continue;
      segments.push(...(await log.segmentsAfter(incarnation, seq, { segments: CREDIT - segments.length })));
      if (segments.length === CREDIT) break;
    }
    return segments;
  }

  return async ({ nodeId, parkId }, { nonce, after, link: read, rebuild, atMost = FEED_EVENTS }) => {
    const here = await log.placeAt(after);
    // Of a place that is not here nothing is said, and no proof given, that somebody else had it from here.
    if (here === null || (read !== undefined && read !== here.link)) return null;
    // What it lost comes first: what we ask it is to be answered by all that it ever knew.
    const lost = await rebuilt(nodeId, rebuild);
    const { incarnation, link } = here;
    const waiting: FeedPage = { events: [], place: { incarnation, position: after, link }, isEnd: false };
    const { events, place, isEnd } = lost.length > 0 ? waiting : await page(parkId, after, here, atMost);
    const answer = {
      nonce,
      events: [...events],
      understand: [...needed(events)],
      place: placeProofs.prove(nodeId, place),
      isEnd,
      rebuilt: [...lost],
    };
    onNews({ nodeId, step: 'pull', verdict: 'ok', trouble: null });
    return signed('feed', answer, await signer());
  };
}

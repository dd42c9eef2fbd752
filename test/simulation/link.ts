import type { HttpFetch } from '../../src/infrastructure/outgoing-http/http-fetch.ts';

/** What is wrong with the way from one park to headquarters. */
export type LinkFault = 'none' | 'cut' | 'replies_lost';

/** What may happen to one message besides: it is said of the messages to come, the next one first. */
export type MessageFault = 'request_lost' | 'reply_lost' | 'twice' | 'reply_cut';

/** The way from one park to headquarters. What is lost, the sender hears nothing of. */
export type Link = {
  fault: LinkFault;
  /** Taken from the front, one a message. */
  readonly next: MessageFault[];
  readonly fetch: HttpFetch;
  /** Answers that were lost after headquarters had heard what they answered. */
  lostAnswers: number;
};

class Lost extends Error {}

/** @param ask what headquarters answers; throws where it does not run */
export function createLink(ask: HttpFetch): Link {
  const link: Link = {
    fault: 'none',
    next: [],
    lostAnswers: 0,
    async fetch(url, init) {
      const fault = link.next.shift() ?? (link.fault === 'replies_lost' ? 'reply_lost' : null);
      if (link.fault === 'cut' || fault === 'request_lost') {
        throw new Lost('no way to headquarters');
      }
      if (fault === 'twice') await ask(url, init);
      const answer = await ask(url, init);
      if (fault === 'reply_lost') link.lostAnswers += 1;
      if (fault === 'reply_lost') throw new Lost('the answer was lost');
      if (fault !== 'reply_cut') return answer;
      const bytes = await answer.arrayBuffer();
      return new Response(bytes.slice(0, Math.floor(bytes.byteLength / 2)), answer);
    },
  };
  return link;
}

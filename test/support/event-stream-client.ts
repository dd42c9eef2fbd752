import { setTimeout as sleep } from 'node:timers/promises';

export type FollowedEvents = {
  /** The data of the next event. */
  next(): Promise<unknown>;
  /** How many events came that nobody asked for yet. */
  unread(): number;
  leave(): void;
  /** Resolves when the server ends the stream, or the client left. */
  readonly ended: Promise<void>;
};

/** Follows a stream of events over a socket of its own. */
export async function openEvents(url: string, headers: Readonly<Record<string, string>> = {}): Promise<FollowedEvents> {
  const leaving = new AbortController();
  const { status, body } = await fetch(url, { headers: { ...headers }, signal: leaving.signal });
  if (status !== 200 || body === null) throw new Error(`the stream was answered ${status}`);
  const came: unknown[] = [];
  let rest = '';
  const read = async (): Promise<void> => {
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const frames = `${rest}${text}`.split('\n\n');
      rest = frames.pop() ?? '';
      const lines = frames.flatMap((frame) => frame.split('\n')).filter((line) => line.startsWith('data: '));
      came.push(...lines.map((line): unknown => JSON.parse(line.slice('data: '.length))));
    }
  };
  let hasEnded = false;
  const ended = read()
    .catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
    })
    .finally(() => {
      hasEnded = true;
    });
  // Whoever waits for the end is told of a failure; nobody has to wait.
  ended.catch(() => undefined);
  return {
    async next() {
      while (came.length === 0) {
        if (hasEnded) throw new Error('the stream has ended');
        await sleep(5);
      }
      return came.shift();
    },
    unread: () => came.length,
    leave: () => leaving.abort(),
    ended,
  };
}

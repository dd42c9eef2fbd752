import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';

/** What lies between a park and its headquarters, and sees what is sent. */
export type Cable = {
  readonly port: number;
  /** Pushes that came so far. */
  pushes(): number;
  /** Notes a cut: what was pushed last before it, and what first after it. */
  cut(): Cut;
  stop(): Promise<void>;
};

export type Cut = {
  /** Events that were pushed both before and after; null when nothing was pushed after. */
  sentTwice(): number | null;
};

type Push = { readonly segments: readonly { readonly header: { readonly first: number; readonly last: number } }[] };

function spanOf(body: Buffer): { readonly first: number; readonly last: number } {
  const text = body[0] === 0x1f ? gunzipSync(body) : body;
  const { segments } = JSON.parse(text.toString('utf8')) as Push;
  return { first: segments[0]?.header.first ?? 0, last: segments.at(-1)?.header.last ?? 0 };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Passes every call on to a port of this machine; what cannot be passed on is cut off, as by a network. */
export async function layCable(toPort: number): Promise<Cable> {
  let last: Buffer | null = null;
  let count = 0;
  const awaiting: { body: Buffer | null }[] = [];

  function note(body: Buffer): void {
    last = body;
    count += 1;
    for (const after of awaiting.splice(0)) after.body = body;
  }

  async function passOn(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    if (incoming.url === '/sync/v1/push') note(body);
    const { method, url: path, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: toPort, method, path, headers, agent: false });
    onward.once('error', () => answer.destroy());
    onward.once('response', (response) => {
      response.once('error', () => answer.destroy());
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.end(body);
  }

  const server = createServer((incoming, answer) => void passOn(incoming, answer).catch(() => answer.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('the cable has no end');
  return {
    port: address.port,
    pushes: () => count,
    cut() {
      const before = last;
      const after: { body: Buffer | null } = { body: null };
      awaiting.push(after);
      return {
        sentTwice() {
          if (before === null) return 0;
          return after.body === null ? null : Math.max(0, spanOf(before).last - spanOf(after.body).first + 1);
        },
      };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of one element, as a reader of XML understands it. */
export function textOfXml(xml: string, name: string): string {
  const raw = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (raw === undefined) throw new Error(`no ${name} in ${xml}`);
  return raw.replaceAll(/&(\w+);/g, (_, word: string) => CHARACTERS[word] ?? '');
}

export type TakenSms = { readonly id: string; readonly phone: string; readonly text: string; readonly sender: string };

/** What the operator does instead of taking messages. */
export type Mood =
  | { readonly status: number }
  | { readonly httpStatus: number }
  | { readonly body: string | Buffer }
  /** Takes the message and never says so. */
  | 'silent'
  /** Begins an answer that never ends. */
  | 'endless'
  /** Takes the message and hangs up. */
  | 'cut off';

export const statusAnswer = (id: string, status: number): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<response><id>${id}</id><status>${status}</status><phones>1</phones></response>`;

/** A stand-in for the operator of text messages, on this machine: takes each id once, and has moods. */
export async function startSmsOperator() {
  const taken = new Map<string, TakenSms>();
  const calls: { readonly path: string; readonly contentType: string; readonly body: string }[] = [];
  const stage: { mood: Mood | null; login: string; password: string } = {
    mood: null,
    login: 'us',
    password: 'p&ss<1>',
  };

  function take(body: string): number {
    const [id, phone, text] = [textOfXml(body, 'id'), textOfXml(body, 'phone'), textOfXml(body, 'text')];
    if (textOfXml(body, 'login') !== stage.login || textOfXml(body, 'pwd') !== stage.password) return 2;
    if (!/^996\d{9}$/.test(phone)) return 7;
    if (taken.has(id)) return 10;
    taken.set(id, { id, phone, text, sender: textOfXml(body, 'sender') });
    return 0;
  }

  function reply(response: ServerResponse, body: string): void {
    const { mood } = stage;
    const xml = { 'content-type': 'text/xml; charset=utf-8' };
    if (mood === null) response.writeHead(200, xml).end(statusAnswer(textOfXml(body, 'id'), take(body)));
    else if (mood === 'silent') take(body);
    else if (mood === 'endless') response.writeHead(200, xml).write('<response>');
    else if (mood === 'cut off') {
      take(body);
      response.destroy();
    } else if ('httpStatus' in mood) response.writeHead(mood.httpStatus, { location: '/api/elsewhere' }).end();
    else if ('body' in mood) response.writeHead(200, xml).end(mood.body);
    else response.writeHead(200, xml).end(statusAnswer(textOfXml(body, 'id'), mood.status));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    calls.push({ path: request.url ?? '', contentType: request.headers['content-type'] ?? '', body });
    reply(response, body);
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    calls,
    stage,
    async close() {
      server.closeAllConnections();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}

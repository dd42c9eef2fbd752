import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from './contest.ts';
import { latenciesOf, type Latencies } from './statistics.ts';
import { answerQuestions } from './worker.ts';

export type LoadQuestion = {
  /** Connections are dealt out to them in turn. */
  readonly ports: readonly number[];
  readonly method: 'GET' | 'POST';
  /** Asked in turn, by all connections together. */
  readonly paths: readonly string[];
  /** A connection each, which sends its next request when the last one is answered. */
  readonly tokens: readonly string[];
  /** Sent in turn, by all connections together; empty for what has no body. */
  readonly bodies: readonly string[];
  /** Whether every request carries an Idempotency-Key of its own. */
  readonly keyed: boolean;
  readonly seconds: number;
  /** Ends before the time is over, when so many were sent. */
  readonly most?: number;
  /** Waits so long between an answer and the next request, as people do. */
  readonly pauseMs?: number;
  /** Whether what was answered is wanted, besides how. */
  readonly wants?: 'bodies' | 'waits';
};

export type LoadAnswer = Run &
  Latencies & {
    readonly statuses: Readonly<Record<string, number>>;
    readonly bodies: readonly string[];
    readonly waitsMs: readonly number[];
  };

/** The requests of one run, written down as far as they can be beforehand. */
class Requests {
  readonly #question: LoadQuestion;
  readonly #bodies: readonly string[];
  /** Makes the keys of this run differ from those of any other. */
  readonly #run = `${process.pid}-${Date.now()}`;
  #count = 0;

  constructor(question: LoadQuestion) {
    this.#question = question;
    this.#bodies = question.bodies.map((body) => `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** Null when no more are to be sent. */
  next(token: string): string | null {
    const { method, paths, keyed, most = Infinity } = this.#question;
    if (this.#count >= most) return null;
    const path = paths[this.#count % paths.length] ?? '/';
    const rest = this.#bodies[this.#count % Math.max(1, this.#bodies.length)] ?? '\r\n';
    this.#count += 1;
    const type = this.#bodies.length === 0 ? '' : 'content-type: application/json\r\n';
    const key = keyed ? `idempotency-key: ${this.#run}-${this.#count}\r\n` : '';
    return `${method} ${path} HTTP/1.1\r\nhost: skypark.test\r\n${type}authorization: Bearer ${token}\r\n${key}${rest}`;
  }
}

type Progress = {
  readonly endMs: number;
  readonly pauseMs: number;
  readonly waitsMs: number[];
  readonly statuses: Record<string, number>;
  /** Null when nobody wants them. */
  readonly bodies: string[] | null;
};

const LENGTH = /\r\ncontent-length: (\d+)/i;

/** The status of an answer and where its body begins and ends, once its head is there. */
function readHead(received: Buffer): { readonly status: string; readonly from: number; readonly to: number } | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = received.toString('latin1', 0, headEnd);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length:\n${head}`);
  return { status: head.slice(9, 12), from: headEnd + 4, to: headEnd + 4 + Number(length) };
}

/** Sends one request after the other until the time is over; resolves when the last one is answered. */
function repeat(socket: Socket, next: () => string | null, progress: Progress): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer | null = null;
    let sentMs = 0;
    const send = (): void => {
      const request = performance.now() >= progress.endMs && sentMs > 0 ? null : next();
      if (request === null) return resolve();
      sentMs = performance.now();
      socket.write(request);
    };
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk) => {
      received = received === null ? chunk : Buffer.concat([received, chunk]);
      const answer = readHead(received);
      if (answer === null || received.length < answer.to) return;
      progress.waitsMs.push(performance.now() - sentMs);
      progress.statuses[answer.status] = (progress.statuses[answer.status] ?? 0) + 1;
      progress.bodies?.push(received.toString('utf8', answer.from, answer.to));
      received = null;
      if (progress.pauseMs === 0) send();
      else void sleep(progress.pauseMs).then(send);
    });
    send();
  });
}

answerQuestions<LoadQuestion, LoadAnswer>(async (question) => {
  const { ports, tokens, seconds, pauseMs = 0, wants } = question;
  const sockets = tokens.map((_, at) =>
    connect({ port: ports[at % ports.length] ?? 0, host: '127.0.0.1', noDelay: true }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const requests = new Requests(question);
  const startedMs = performance.now();
  const bodies = wants === 'bodies' ? [] : null;
  const progress: Progress = { endMs: startedMs + seconds * 1000, pauseMs, waitsMs: [], statuses: {}, bodies };
  await Promise.all(sockets.map((socket, at) => repeat(socket, () => requests.next(tokens[at] ?? ''), progress)));
  const measured = (performance.now() - startedMs) / 1000;
  for (const socket of sockets) socket.destroy();
  const { waitsMs, statuses } = progress;
  return {
    operations: waitsMs.length,
    seconds: measured,
    statuses,
    bodies: bodies ?? [],
    waitsMs: wants === 'waits' ? waitsMs : [],
    ...latenciesOf(waitsMs),
  };
});

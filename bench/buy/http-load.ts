import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Run } from '../harness/contest.ts';
import { latenciesOf } from '../harness/statistics.ts';
import { answerQuestions } from '../harness/worker.ts';

export type LoadQuestion = {
  readonly port: number;
  readonly path: string;
  /** A connection each, which sends its next request when the last one is answered. */
  readonly tokens: readonly string[];
  /** Sent in turn, by all connections together. */
  readonly bodies: readonly string[];
  /** Whether every request carries an Idempotency-Key of its own. */
  readonly keyed: boolean;
  readonly seconds: number;
};

export type LoadAnswer = Run & { readonly statuses: Readonly<Record<string, number>> };

/** The requests of one run, written down as far as they can be beforehand. */
class Requests {
  readonly #bodies: readonly string[];
  readonly #keyed: boolean;
  /** Makes the keys of this run differ from those of any other. */
  readonly #run = `${process.pid}-${Date.now()}`;
  #count = 0;

  constructor({ bodies, keyed }: LoadQuestion) {
    this.#bodies = bodies.map((body) => `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    this.#keyed = keyed;
  }

  next(head: string): string {
    this.#count += 1;
    const rest = this.#bodies[this.#count % this.#bodies.length] ?? '';
    return this.#keyed ? `${head}idempotency-key: ${this.#run}-${this.#count}\r\n${rest}` : head + rest;
  }
}

type Progress = { readonly endMs: number; readonly waitsMs: number[]; readonly statuses: Record<string, number> };

const LENGTH = /\r\ncontent-length: (\d+)/i;

/** The status of an answer and how long it is, once its head is there. */
function readHead(received: Buffer): { readonly status: string; readonly bytes: number } | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = received.toString('latin1', 0, headEnd);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length:\n${head}`);
  return { status: head.slice(9, 12), bytes: headEnd + 4 + Number(length) };
}

/** Sends one request after the other until the time is over; resolves when the last one is answered. */
function repeat(socket: Socket, head: string, requests: Requests, progress: Progress): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer | null = null;
    let sentMs = performance.now();
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk) => {
      received = received === null ? chunk : Buffer.concat([received, chunk]);
      const answer = readHead(received);
      if (answer === null || received.length < answer.bytes) return;
      received = null;
      const nowMs = performance.now();
      progress.waitsMs.push(nowMs - sentMs);
      progress.statuses[answer.status] = (progress.statuses[answer.status] ?? 0) + 1;
      if (nowMs >= progress.endMs) {
        resolve();
        return;
      }
      sentMs = nowMs;
      socket.write(requests.next(head));
    });
    socket.write(requests.next(head));
  });
}

answerQuestions<LoadQuestion, LoadAnswer>(async (question) => {
  const { port, path, tokens, seconds } = question;
  const sockets = tokens.map(() => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const requests = new Requests(question);
  const startedMs = performance.now();
  const progress: Progress = { endMs: startedMs + seconds * 1000, waitsMs: [], statuses: {} };
  const fixed = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
  await Promise.all(
    sockets.map((socket, index) =>
      repeat(socket, `${fixed}authorization: Bearer ${tokens[index] ?? ''}\r\n`, requests, progress),
    ),
  );
  const measured = (performance.now() - startedMs) / 1000;
  for (const socket of sockets) socket.destroy();
  const { waitsMs, statuses } = progress;
  return { operations: waitsMs.length, seconds: measured, statuses, ...latenciesOf(waitsMs) };
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../harness/contest.ts';
import { drive } from '../harness/drive.ts';
import { answerQuestions } from '../harness/worker.ts';

export type OrderQuestion = {
  readonly port: number;
  readonly tokens: readonly string[];
  readonly body: string;
  readonly seconds: number;
};

type Ticket = { readonly id: string; readonly status: string };
type Payment = { readonly action: { readonly url: string } | null };

/** Between two looks at whether a ticket has become active: each costs the API a request. */
const LOOK_MS = 250;

/** Buys, pays in the sandbox, and looks at the ticket until it is active, as the pages do. */
function createBuyer(port: number, token: string, body: string) {
  const base = `http://127.0.0.1:${port}/api/v1`;
  async function ask<Answer>(path: string, due: number, json?: string): Promise<Answer> {
    const answer = await fetch(`${base}${path}`, {
      method: json === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(json === undefined ? {} : { body: json }),
    });
    if (answer.status !== due) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
  return async (): Promise<void> => {
    const { id } = await ask<Ticket>('/tickets', 201, body);
    const { action } = await ask<Payment>('/payments', 201, JSON.stringify({ ticket_id: id, method: 'elqr' }));
    const paid = await fetch(`${action?.url}/pay`, { method: 'POST' });
    if (paid.status !== 204) throw new Error(`the sandbox answered ${paid.status}`);
    let ticket = await ask<Ticket>(`/tickets/${id}`, 200);
    while (ticket.status !== 'active') {
      await sleep(LOOK_MS);
      ticket = await ask<Ticket>(`/tickets/${id}`, 200);
    }
  };
}

answerQuestions<OrderQuestion, Run>(async ({ port, tokens, body, seconds }) => {
  const buyers = tokens.map((token) => createBuyer(port, token, body));
  const free = [...buyers];
  const work = async (): Promise<void> => {
    const buyer = free.shift();
    if (buyer === undefined) throw new Error('more callers than buyers');
    await buyer();
    free.push(buyer);
  };
  return drive(work, buyers.length, seconds);
});

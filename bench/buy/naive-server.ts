import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { Pool, type PoolClient } from 'pg';
import { answerQuestions } from '../harness/worker.ts';
import type { Listening } from './echo-server.ts';
import { validateStrictly, visitSchema } from './visit-validation.ts';

export type NaiveQuestion = { readonly url: string; readonly userIds: Readonly<Record<string, string>> };

type Visit = {
  readonly park_id: string;
  readonly visit_date: string;
  readonly children: readonly object[];
  readonly adults?: number;
};

const LOCK = 'select capacity, sold from capacity where park_id = $1 and visit_date = $2 for update';
const TAKE = 'update capacity set sold = sold + $3 where park_id = $1 and visit_date = $2';
const ISSUE = `insert into tickets (user_id, park_id, ticket_type, visit_date, qr_code, price, children_data)
  values ($1, $2, 'single', $3, $4, $5, $6) returning id, created_at`;
const RECORD = `insert into events (aggregate_id, aggregate_type, event_type, event_data, event_version, park_id)
  values ($1, 'Ticket', 'TicketCreated', $2, 1, $3)`;

type Issued = { readonly id: string; readonly created_at: Date };

/** Inside a transaction: look, take, issue, record, each a round trip under the lock of the day's row. */
async function sell(client: PoolClient, userId: string, visit: Visit): Promise<object | null> {
  const { park_id, visit_date, children, adults = 0 } = visit;
  const places = children.length + adults;
  const day = [park_id, visit_date];
  const { rows } = await client.query<{ capacity: number; sold: number }>({ name: 'lock', text: LOCK, values: day });
  const [room] = rows;
  if (room === undefined || room.sold + places > room.capacity) return null;
  await client.query({ name: 'take', text: TAKE, values: [...day, places] });
  const qrCode = randomBytes(16).toString('base64url');
  const price = (350 * children.length).toFixed(2);
  const details = [userId, park_id, visit_date, qrCode, price, JSON.stringify(children)];
  const issued = await client.query<Issued>({ name: 'issue', text: ISSUE, values: details });
  const { id, created_at } = issued.rows[0] ?? { id: '', created_at: new Date(0) };
  const ticket = {
    id,
    user_id: userId,
    park_id,
    visit_date,
    qr_code: qrCode,
    status: 'pending_payment',
    price,
    children_data: children,
    created_at,
  };
  await client.query({ name: 'record', text: RECORD, values: [id, JSON.stringify(ticket), park_id] });
  return ticket;
}

class NaiveShop {
  readonly #pool: Pool;
  readonly #userIds: NaiveQuestion['userIds'];

  constructor({ url, userIds }: NaiveQuestion) {
    // The driver's default size; more connections would only queue on the lock.
    this.#pool = new Pool({ connectionString: url });
    this.#userIds = userIds;
  }

  async buy(request: FastifyRequest<{ Body: Visit }>, reply: FastifyReply): Promise<FastifyReply> {
    const userId = this.#userIds[request.headers.authorization?.slice(7) ?? ''];
    if (userId === undefined) return reply.code(401).send({ error: 'unauthorized' });
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      const ticket = await sell(client, userId, request.body);
      await client.query(ticket === null ? 'rollback' : 'commit');
      return await (ticket === null ? reply.code(409).send({ error: 'park is full' }) : reply.code(201).send(ticket));
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }
}

// The usual way to sell without overselling: one transaction a request, which locks the row of the day.
answerQuestions<NaiveQuestion, Listening>(async (question) => {
  const shop = new NaiveShop(question);
  const app = Fastify();
  validateStrictly(app);
  app.post<{ Body: Visit }>('/api/v1/tickets', { schema: { body: await visitSchema() } }, (request, reply) =>
    shop.buy(request, reply),
  );
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  return { port: Number(address.port) };
});

import Fastify from 'fastify';
import { Pool } from 'pg';
import { answerQuestions } from '../harness/worker.ts';
import type { Listening } from '../buy/echo-server.ts';

export type SelectQuestion = { readonly url: string };

// The least a route can do that reads a row: one named statement, by its key.
answerQuestions<SelectQuestion, Listening>(async ({ url }) => {
  const pool = new Pool({ connectionString: url });
  const app = Fastify();
  app.get<{ Params: { id: string } }>('/api/v1/tickets/:id', async ({ params }) => {
    const { rows } = await pool.query<{ ticket: object }>({
      name: 'by-id',
      text: 'select ticket from tickets where id = $1',
      values: [params.id],
    });
    return rows[0];
  });
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  return { port: Number(address.port) };
});

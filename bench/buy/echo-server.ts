import Fastify from 'fastify';
import { answerQuestions } from '../harness/worker.ts';
import { validateStrictly, visitSchema } from './visit-validation.ts';

export type EchoQuestion = null;
export type Listening = { readonly port: number };

const asTheyCame = async (request: { readonly body: unknown }, reply: { code(status: number): unknown }) => {
  reply.code(201);
  return request.body;
};

// The least a validated route can do: parse, validate, serialise by schema.
answerQuestions<EchoQuestion, Listening>(async () => {
  const app = Fastify();
  validateStrictly(app);
  const schema = await visitSchema();
  app.post('/api/v1/tickets', { schema: { body: schema, response: { 201: schema } } }, asTheyCame);
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  return { port: Number(address.port) };
});

import { expect, test } from 'vitest';
import { NoAccess } from '../provider-calls.ts';
import { createExchange } from './exchange.ts';

const ask = (status: number, body: string) => {
  const bearer = { current: () => Promise.resolve('token') };
  const http = () => Promise.resolve(new Response(body, { status }));
  return createExchange({ baseUrl: 'https://bank.example', bearer, http })('/x', {}, new AbortController().signal);
};

test.each([
  [401, ''],
  [200, '{"statusCode":401,"result":null}'],
])('a token that is over is no refusal of the order: %d %s', async (status, body) => {
  await expect(ask(status, body)).rejects.toThrow(NoAccess);
});

test.each([
  [200, '{"statusCode":400,"result":"no"}', 400, 'no'],
  [200, '"link"', 200, 'link'],
  [503, '{"statusCode":200,"result":1}', 503, { statusCode: 200, result: 1 }],
])('an answer in an envelope has the status of that: %d %s', async (status, text, seen, body) => {
  expect(await ask(status, text)).toEqual({ status: seen, body, retryAfter: null });
});

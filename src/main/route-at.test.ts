import Type from 'typebox';
import { expect, test } from 'vitest';
import { defineRoute } from '../infrastructure/http/route.ts';
import { routeAt } from './route-at.ts';

const route = defineRoute({
  method: 'POST',
  path: '/tickets',
  operationId: 'buyTicket',
  summary: 'Buys a ticket',
  tag: 'tickets',
  access: { kind: 'user' },
  body: Type.Object({ park_id: Type.String({ maxLength: 50 }) }),
  responses: { 204: { description: 'Done' } },
  problems: [],
  idempotency: 'required',
  handle: async () => ({ status: 204 }),
});

test('a park answers what only headquarters does with hq_only, whoever asks and whatever they send', async () => {
  expect(routeAt('hq', route)).toBe(route);
  const here = routeAt('park', route);
  expect(here).toMatchObject({ access: { kind: 'public' }, body: undefined, idempotency: 'none' });
  expect(await here.handle({} as Parameters<typeof here.handle>[0])).toMatchObject({ problem: 'hq_only' });
});

test('a park answers what it serves as it is', () => {
  const served = { ...route, servedAt: 'everywhere' } as const;
  expect(routeAt('park', served)).toBe(served);
});

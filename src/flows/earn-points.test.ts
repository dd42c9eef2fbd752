import { describe, expect, test } from 'vitest';
import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { VisitEarning } from '../modules/loyalty/contract.ts';
import { createEarnPointsFlow } from './earn-points.ts';

const ids = { next: () => 'next', derive: (name: string) => `derived ${name}`, secret: () => 'secret' };

const admitted = (data: object, type = 'PeopleAdmitted'): Recorded => ({
  type,
  data: {
    ticketId: 'ticket',
    userId: 'user',
    parkId: 'ala-archa',
    visitDate: '2026-12-05',
    people: 2,
    first: true,
    remaining: 2,
    scannedAtMs: 5_000,
    ...data,
  },
  meta: {
    id: 'event',
    streamId: 'stream',
    aggregateType: 'Admission',
    schemaVersion: 1,
    version: 1,
    position: 7,
    parkId: 'ala-archa',
    actor: 'user:gate',
    correlationId: 'correlation',
    causationId: null,
    commandId: null,
    occurredAtMs: 5_000,
    recordedAtMs: 6_000,
    nodeId: 'hq',
    incarnation: 'one',
  },
});

const TICKET = {
  ownerId: 'user' as string | null,
  parkId: 'ala-archa',
  paidTyiyn: 70_000n,
};

async function earnedBy(event: Recorded, ticket: Partial<typeof TICKET> = {}) {
  const earned: [VisitEarning, CommandMeta][] = [];
  const flow = createEarnPointsFlow({
    ids,
    soldHere: async (ticketId, visitDate) =>
      ticketId === 'ticket' && visitDate === '2026-12-05' ? { ...TICKET, ...ticket } : null,
    earnPoints: (earning, meta) => {
      earned.push([earning, meta]);
      return Promise.resolve();
    },
  });
  await flow.handle(event);
  return earned;
}

describe('points are credited when the visit happens', () => {
  test('the first of a party who comes in earns the points of the ticket', async () => {
    expect(await earnedBy(admitted({}))).toEqual([
      [
        { userId: 'user', ticketId: 'ticket', paidTyiyn: 70_000n, visitedAtMs: 5_000 },
        {
          actor: 'flow:earn-points',
          correlationId: 'correlation',
          causationId: 'event',
          commandId: 'derived earn-points:ticket',
          parkId: 'ala-archa',
          occurredAtMs: 5_000,
        },
      ],
    ]);
  });

  test.each([
    ['the rest of the party', admitted({ first: false })],
    ['an exit', admitted({}, 'PeopleExited')],
    ['a ticket that is not known', admitted({ ticketId: 'other' })],
  ])('%s earns nothing', async (_who, event) => {
    expect(await earnedBy(event)).toEqual([]);
  });

  test.each([
    ['that cost nothing', { paidTyiyn: 0n }],
    ['sold at the desk', { ownerId: null }],
    ['of another park', { parkId: 'osh' }],
  ])('a ticket %s earns nothing', async (_which, ticket) => {
    expect(await earnedBy(admitted({}), ticket)).toEqual([]);
  });

  test.each([
    ['did not know whose the ticket is', null],
    ['says that it is of somebody else', 'thief'],
  ])('a guest earns them also where the gate %s', async (_what, userId) => {
    expect((await earnedBy(admitted({ userId }))).map(([earning]) => earning.userId)).toEqual(['user']);
  });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { context, event, newId, part } from '../../infrastructure/event-store/appends.suite.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { secretName } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/event-store.ts';
import type { ParkSync } from './sync-round.ts';
import { openTwoNodes, PARK, PARK_ID, type TwoNodes } from './two-nodes.suite.ts';

let world: TwoNodes;
let park: MemoryNode;
let sync: ParkSync;
beforeEach(async () => {
  world = await openTwoNodes();
  park = createMemoryNode({ clock: createManualClock(Date.parse('2026-12-05T06:00:00Z')), nodeId: PARK });
  sync = await world.startPark(park);
});
afterEach(() => world.close());

const write = async ({ store }: MemoryNode, streamId: string, type: string, data: JsonObject, parkId = PARK_ID) =>
  store.append({ streams: [part(streamId, 'any', [event(type, data)])], context: { ...context, parkId } });

/** How a round ends after the park wrote this, and what was wrong. */
async function pushed(streamId: string, type: string, data: JsonObject = {}) {
  await write(park, streamId, type, data);
  const end = await sync.round(new AbortController().signal);
  return [end, world.states.at(-1)?.trouble ?? null];
}

test('a park ends its own days, and nobody can end the day of another one before it does', async () => {
  expect(await pushed(systemIds.derive(`day-end:${PARK_ID}/2026-12-05`), 'DayEnded', { date: '2026-12-05' })).toEqual([
    'drained',
    null,
  ]);
  expect(await pushed(systemIds.derive('day-end:osh/2026-12-05'), 'DayEnded', { date: '2026-12-05' })).toEqual([
    'trouble',
    'event 2 is a DayEnded on a stream that is not its own',
  ]);
  expect((await world.headquarters.store.load(systemIds.derive('day-end:osh/2026-12-05'))).events).toEqual([]);
});

test.each([
  ['of another name', systemIds.derive(`day-end:${PARK_ID}/2026-12-06`)],
  ['that was drawn', newId()],
])('what has a stream of its own stands on none %s', async (_what, streamId) => {
  expect(await pushed(streamId, 'DayEnded', { date: '2026-12-05' })).toEqual([
    'trouble',
    'event 1 is a DayEnded on a stream that is not its own',
  ]);
});

test('what stands on drawn ids takes no id that anybody could work out', async () => {
  expect(await pushed(secretName(systemIds.derive('payment:a command')), 'Sold', { name: 'one' })).toEqual([
    'drained',
    null,
  ]);
  expect(await pushed(systemIds.derive('points:some guest'), 'Sold', { name: 'two' })).toEqual([
    'trouble',
    'event 2 is a Sold on a stream that is not its own',
  ]);
});

test('of a ticket a park tells only when no other park has it', async () => {
  const [own, unknown, other] = [newId(), newId(), newId()];
  await write(world.headquarters, own, 'TicketTold', {});
  await write(world.headquarters, other, 'TicketTold', {}, 'osh');
  const letIn = (id: string) => pushed(systemIds.derive(`gates:${id}`), 'LetIn', { ticket: { id } });
  expect(await letIn(own)).toEqual(['drained', null]);
  expect(await letIn(unknown)).toEqual(['drained', null]);
  expect(await letIn(other)).toEqual(['trouble', 'event 3 is about another park']);
});

test('no odd form of an id passes for it', async () => {
  const other = newId();
  await write(world.headquarters, other, 'TicketTold', {}, 'osh');
  expect(await pushed(systemIds.derive(`gates:${other}`), 'LetIn', { ticket: { id: [other] } })).toEqual([
    'trouble',
    'event 1 is a LetIn on a stream that is not its own',
  ]);
});

test('an id with more behind it does not make the name of what another node writes of the ticket', async () => {
  const id = `${newId()}/park-osh`;
  expect(await pushed(systemIds.derive(`gates:${id}`), 'LetIn', { ticket: { id } })).toEqual([
    'trouble',
    'event 1 is a LetIn on a stream that is not its own',
  ]);
});

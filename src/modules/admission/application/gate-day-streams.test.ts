import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryEventStore } from '../../../infrastructure/event-store/memory-store.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createGateDayStreams } from './gate-day-streams.ts';

const DAY = { parkId: 'ala-archa', visitDate: '2026-12-05' };
const PLAIN = ids.derive('gate-day:ala-archa/2026-12-05');
const OF_PARK = ids.derive('gate-day:ala-archa/2026-12-05/park');
const OF_HQ = ids.derive('gate-day:ala-archa/2026-12-05/hq');

/** Where `nodeId` says what the limit of the day is, as headquarters and the park's node see it. */
async function streamsOf(nodeId: string, writer: 'hq' | 'park' | null) {
  const store = createMemoryEventStore({ clock: createManualClock(0), nodeId: writer ?? 'nobody' });
  const data = { ...DAY, fromPeople: 0, toPeople: 10 };
  const event = { id: ids.next(), type: 'EntryLimitSet', schemaVersion: 1, data };
  if (writer !== null) {
    await store.append({
      streams: [{ streamId: PLAIN, aggregateType: 'GateDay', expected: 'none', events: [event] }],
      context: { actor: 'system', correlationId: 'test', parkId: DAY.parkId, occurredAtMs: 1 },
    });
  }
  const atHq = createGateDayStreams({ store, ids, nodeId: 'hq', parkId: null });
  const atPark = createGateDayStreams({ store, ids, nodeId: 'park', parkId: DAY.parkId });
  return Promise.all([atHq.limitOf(DAY, nodeId), atPark.limitOf(DAY, nodeId)]);
}

test('headquarters and the node of a park have streams of their own for a day', async () => {
  expect(await streamsOf('park', null)).toEqual([OF_PARK, OF_PARK]);
  expect(await streamsOf('park', 'hq')).toEqual([OF_PARK, OF_PARK]);
  expect((await streamsOf('hq', null))[0]).toBe(PLAIN);
  expect(await streamsOf('hq', 'hq')).toEqual([PLAIN, PLAIN]);
});

test('a node that went by the plain name goes on with it, and its heir has another', async () => {
  expect(await streamsOf('park', 'park')).toEqual([PLAIN, PLAIN]);
  expect(await streamsOf('hq', 'park')).toEqual([OF_HQ, OF_HQ]);
});

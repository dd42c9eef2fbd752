import { systemIds } from '../ids.ts';
import type {
  Append,
  AppendContext,
  AppendOutcome,
  ExpectedVersion,
  JsonObject,
  NewEvent,
  StreamAppend,
} from '../../kernel/event-store.ts';

/** Makers of appends for tests of stores. */

export const NODE = 'test-node';

export const NOON_MS = 1_763_899_200_000;

export const context: AppendContext = { actor: 'system', correlationId: 'test', occurredAtMs: NOON_MS };

export const newId = (): string => systemIds.next();

export const event = (type = 'TestHappened', data: JsonObject = {}): NewEvent => ({
  id: newId(),
  type,
  schemaVersion: 1,
  data,
});

export const events = (count: number): NewEvent[] =>
  Array.from({ length: count }, (_, index) => event('TestHappened', { index }));

export const part = (streamId: string, expected: ExpectedVersion, added: readonly NewEvent[]): StreamAppend => ({
  streamId,
  aggregateType: 'Test',
  expected,
  events: added,
});

/** An append of `count` events to one stream. */
export const one = (streamId: string, expected: ExpectedVersion, count = 1, more: Partial<Append> = {}): Append => ({
  streams: [part(streamId, expected, events(count))],
  context,
  ...more,
});

/** Transfers or claims beside one event of a new stream. */
export const beside = (more: Partial<Append>): Append => one(newId(), 'none', 1, more);

export const outcomeOf = async (answer: Promise<AppendOutcome>): Promise<AppendOutcome['outcome']> =>
  (await answer).outcome;

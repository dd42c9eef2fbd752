import type { EventStore, Json, StoredEvent } from '../../../kernel/event-store.ts';

/** An event as it is stored, without what is sealed in it. */
export type ShownEvent = Omit<StoredEvent, 'data'> & { readonly data: Json };

/** The events of one aggregate after a version, oldest first; none when there is no such aggregate. */
export type EventsOfAggregate = (
  aggregateId: string,
  afterVersion: number,
  limit: number,
) => Promise<readonly ShownEvent[]>;

const SEALED = /^p1\.[0-9a-f-]{36}\./;

/** Puts a mark in the place of every sealed text: it is of no use to anybody, and looks like a secret that leaked. */
export function withoutSealed(value: Json): Json {
  if (typeof value === 'string') return SEALED.test(value) ? '[sealed]' : value;
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(withoutSealed);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSealed(item)]));
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

export const createEventsOfAggregate =
  (store: Pick<EventStore, 'load'>): EventsOfAggregate =>
  async (aggregateId, afterVersion, limit) => {
    const { events } = await store.load(aggregateId, afterVersion, limit);
    return events.map((event) => ({ ...event, data: withoutSealed(event.data) }));
  };

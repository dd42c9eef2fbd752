import type { EventStore } from '../../../kernel/event-store.ts';
import { entryAccount } from '../domain/entry-limit.ts';
import type { PeopleInside } from './ports.ts';

export const createPeopleInside =
  (store: Pick<EventStore, 'balances'>): PeopleInside =>
  (days) =>
    store.balances(days.map((day) => entryAccount(day, 'inside')));

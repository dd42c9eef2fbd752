import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { ParkPicturesRemoved } from '../contract.ts';
import type { CalendarDayCleared, CalendarDaySet } from '../domain/calendar-day.ts';
import type { HolidaysSet } from '../domain/holiday-list.ts';
import type { ParkEdited, ParkOpened } from '../domain/park.ts';

export const parkEvents: readonly EventDefinition[] = [
  defineEvent<ParkOpened>({
    type: 'ParkOpened',
    version: 2,
    // Before there was a calendar, a park had one kind of day, nobody came in twice, and every fifth place was the desk's.
    upcasts: {
      1: (data) => ({ ...data, weekdayRules: [], holidayRule: null, reEntry: 'none', walkUpSharePercent: 20 }),
    },
  }),
  defineEvent<ParkEdited>({ type: 'ParkEdited', version: 1 }),
  defineEvent<ParkPicturesRemoved>({ type: 'ParkPicturesRemoved', version: 1 }),
  defineEvent<CalendarDaySet>({ type: 'CalendarDaySet', version: 1 }),
  defineEvent<CalendarDayCleared>({ type: 'CalendarDayCleared', version: 1 }),
  defineEvent<HolidaysSet>({ type: 'HolidaysSet', version: 1 }),
];

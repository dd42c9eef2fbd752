import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { ParkPicturesRemoved } from '../contract.ts';
import type { CalendarDayCleared, CalendarDaySet } from '../domain/calendar-day.ts';
import type { HolidaysSet } from '../domain/holiday-list.ts';
import type { ParkEdited, ParkOpened } from '../domain/park.ts';

/** Every park can name the others, and has the same holidays; the calendar of a park is for it alone. */
const TOLD_TO_ALL = { down: 'every_park' } as const;
const TOLD_TO_THE_PARK = { down: 'its_park' } as const;

export const parkEvents: readonly EventDefinition[] = [
  defineEvent<ParkOpened>({
    type: 'ParkOpened',
    version: 2,
    travels: TOLD_TO_ALL,
    // Before there was a calendar, a park had one kind of day, nobody came in twice, and every fifth place was the desk's.
    upcasts: {
      1: (data) => ({ ...data, weekdayRules: [], holidayRule: null, reEntry: 'none', walkUpSharePercent: 20 }),
    },
  }),
  defineEvent<ParkEdited>({ type: 'ParkEdited', version: 1, travels: TOLD_TO_ALL }),
  defineEvent<ParkPicturesRemoved>({ type: 'ParkPicturesRemoved', version: 1, travels: TOLD_TO_ALL }),
  defineEvent<CalendarDaySet>({ type: 'CalendarDaySet', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<CalendarDayCleared>({ type: 'CalendarDayCleared', version: 1, travels: TOLD_TO_THE_PARK }),
  defineEvent<HolidaysSet>({ type: 'HolidaysSet', version: 1, travels: TOLD_TO_ALL }),
];

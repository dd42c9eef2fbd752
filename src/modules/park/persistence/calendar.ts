import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { DaySource, DaySources, HolidayBook } from '../application/park-catalogue.ts';
import type { Holiday, HolidayCertainty, Translated } from '../contract.ts';
import type { DateRule } from '../domain/day-rule.ts';
import { PUBLIC_HOLIDAYS } from '../domain/public-holidays.ts';
import { DAY_COLUMNS, dateRuleOf, dayDefaultsOf, type DayRow, type Stored } from './stored-rules.ts';

export const calendarProjection: Projection = {
  name: 'park.calendar',
  schema: 'park',
  tables: ['calendar'],
  eventTypes: ['CalendarDaySet', 'CalendarDayCleared'],
  functionName: 'park.project_calendar',
  shared: [{ table: 'calendar', parkColumn: 'park_id', key: ['park_id', 'date'], except: [] }],
};

export const holidaysProjection: Projection = {
  name: 'park.holidays',
  schema: 'park',
  tables: ['holidays'],
  eventTypes: ['HolidaysSet'],
  functionName: 'park.project_holidays',
  shared: [{ table: 'holidays', parkColumn: null, key: ['date'], except: [] }],
};

const DAYS = statement(
  'park.days',
  `select k.park_id, k.date, ${DAY_COLUMNS}, c.rule, coalesce(c.version, 0) as version, h.names as holiday_names,
     h.certainty as holiday_certainty, (select max(date) from park.holidays) is null as as_delivered
   from unnest($1::text[], $2::date[]) with ordinality k(park_id, date, place)
     join park.parks p on p.id = k.park_id
     left join park.calendar c on c.park_id = k.park_id and c.date = k.date
     left join park.holidays h on h.date = k.date
   order by k.place`,
);

type Row = DayRow & {
  readonly park_id: string;
  readonly date: string;
  readonly rule: Stored<DateRule> | null;
  readonly version: number;
  readonly holiday_names: Translated | null;
  readonly holiday_certainty: HolidayCertainty | null;
  readonly as_delivered: boolean;
};

const DELIVERED = new Map(PUBLIC_HOLIDAYS.map((holiday) => [holiday.date, holiday]));

function holidayOf({ date, holiday_names, holiday_certainty, as_delivered }: Row): DaySource['holiday'] {
  if (holiday_names !== null && holiday_certainty !== null)
    return { names: holiday_names, certainty: holiday_certainty };
  const delivered = as_delivered ? DELIVERED.get(date) : undefined;
  return delivered === undefined ? null : { names: delivered.names, certainty: delivered.certainty };
}

const toSource = (row: Row): DaySource => ({
  park: dayDefaultsOf(row.park_id, row),
  date: row.date,
  dateRule: dateRuleOf(row.rule),
  version: row.version,
  holiday: holidayOf(row),
});

type Asked = { readonly parkId: string; readonly date: string };

/** What days are made of; look-ups made at the same time share one statement, and so do all dates of a range. */
export function createDaySources(database: Database): DaySources {
  const read = async (asked: readonly Asked[]): Promise<readonly DaySource[]> => {
    const values = [asked.map(({ parkId }) => parkId), asked.map(({ date }) => date)];
    return (await database.rows<Row>(DAYS, values)).map(toSource);
  };
  const keyOf = (parkId: string, date: string): string => `${date}/${parkId}`;
  const one = createBatcher<Asked, DaySource | null>({
    maxItems: 256,
    maxQueued: 10_000,
    async run(asked) {
      // Of those who ask for one day at once, as for the day of a holiday, each need not be answered by a row of its own.
      const different = new Map(asked.map((day) => [keyOf(day.parkId, day.date), day]));
      const sources = await read([...different.values()]);
      const found = new Map(sources.map((source) => [keyOf(source.park.parkId, source.date), source]));
      return asked.map(({ parkId, date }) => found.get(keyOf(parkId, date)) ?? null);
    },
  });
  return {
    find: (parkId, date) => one.submit({ parkId, date }),
    range: (parkId, dates) => read(dates.map((date) => ({ parkId, date }))),
  };
}

const HOLIDAYS = statement(
  'park.holidays',
  'select date, names, certainty, source, version from park.holidays order by date',
);

/** The list that somebody set, else the one the program brings along, which is version 0. */
export function createHolidayBook(database: Database): HolidayBook {
  return async () => {
    const rows = await database.rows<Holiday & { readonly version: number }>(HOLIDAYS, []);
    const [first] = rows;
    if (first === undefined) return { holidays: PUBLIC_HOLIDAYS, version: 0 };
    return { holidays: rows.map(({ version: _version, ...holiday }) => holiday), version: first.version };
  };
}

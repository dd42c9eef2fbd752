alter table park.parks
  add column weekday_rules jsonb not null default '[]',
  add column holiday_rule jsonb,
  add column re_entry varchar(20) not null default 'none',
  add column walk_up_share_percent smallint not null default 20;

-- Dates of a park with a rule of their own; `rule` is null where one was taken away again.
create table park.calendar (
  park_id varchar(50) not null,
  date date not null,
  rule jsonb,
  version integer not null,
  primary key (park_id, date)
);

-- Empty until somebody edits the list that the program brings along.
create table park.holidays (
  date date primary key,
  names jsonb not null,
  certainty varchar(20) not null,
  source text not null,
  version integer not null
);
grant select on park.calendar, park.holidays to skypark_app;

-- A park is opened before it is edited; of several edits in a range the newest holds.
create or replace function park.project_parks(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into parks (id, names, addresses, capacity, price_under_3, price_over_3, price_adult, group_percent, open_time, close_time,
    time_zone, lat, lng, amenities, images, weekday_rules, holiday_rule, re_entry, walk_up_share_percent, version)
  select d ->> 'parkId', d -> 'names', d -> 'addresses', (d ->> 'capacity')::integer, (d ->> 'priceUnder3Tyiyn')::numeric / 100,
    (d ->> 'priceOver3Tyiyn')::numeric / 100, (d ->> 'priceAdultTyiyn')::numeric / 100, (d ->> 'groupPercent')::smallint,
    (d ->> 'openTime')::time, (d ->> 'closeTime')::time, d ->> 'timeZone', (d ->> 'latitudeE7')::numeric / 10000000,
    (d ->> 'longitudeE7')::numeric / 10000000, d -> 'amenities', d -> 'images', coalesce(d -> 'weekdayRules', '[]'),
    nullif(d -> 'holidayRule', 'null'), coalesce(d ->> 'reEntry', 'none'), coalesce((d ->> 'walkUpSharePercent')::smallint, 20),
    e.event_version
  from (
    select distinct on (aggregate_id) event_version, case event_type when 'ParkOpened' then event_data else event_data -> 'profile' end as d
    from store.event
    where position between from_position and to_position and event_type in ('ParkOpened', 'ParkEdited')
    order by aggregate_id, position desc
  ) e
  on conflict (id) do update set names = excluded.names, addresses = excluded.addresses, capacity = excluded.capacity,
    price_under_3 = excluded.price_under_3, price_over_3 = excluded.price_over_3, price_adult = excluded.price_adult,
    group_percent = excluded.group_percent, open_time = excluded.open_time, close_time = excluded.close_time, lat = excluded.lat,
    lng = excluded.lng, amenities = excluded.amenities, images = excluded.images, weekday_rules = excluded.weekday_rules,
    holiday_rule = excluded.holiday_rule, re_entry = excluded.re_entry, walk_up_share_percent = excluded.walk_up_share_percent,
    version = excluded.version
  where parks.version < excluded.version;
end $$;

create function park.project_calendar(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into calendar (park_id, date, rule, version)
  select distinct on (aggregate_id) event_data ->> 'parkId', (event_data ->> 'date')::date, event_data -> 'rule', event_version
  from store.event
  where position between from_position and to_position and event_type in ('CalendarDaySet', 'CalendarDayCleared')
  order by aggregate_id, position desc
  on conflict (park_id, date) do update set rule = excluded.rule, version = excluded.version
  where calendar.version < excluded.version;
end $$;

-- Every edit tells the whole list.
create function park.project_holidays(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  newest record;
begin
  select event_data, event_version into newest from store.event
    where position between from_position and to_position and event_type = 'HolidaysSet'
    order by position desc limit 1;
  if newest.event_version is null then
    return;
  end if;
  if newest.event_version <= coalesce((select max(version) from holidays), 0) then
    return;
  end if;
  delete from holidays;
  insert into holidays (date, names, certainty, source, version)
  select (h ->> 'date')::date, h -> 'names', h ->> 'certainty', h ->> 'source', newest.event_version
  from jsonb_array_elements(newest.event_data -> 'holidays') h;
end $$;

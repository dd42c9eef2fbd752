create schema park;
grant usage on schema park to skypark_app;

create table park.parks (
  id varchar(50) primary key,
  names jsonb not null,
  addresses jsonb not null,
  capacity integer not null,
  price_under_3 decimal(10, 2) not null,
  price_over_3 decimal(10, 2) not null,
  price_adult decimal(10, 2) not null,
  group_percent smallint not null,
  open_time time not null,
  close_time time not null,
  time_zone text not null,
  lat decimal(10, 8) not null,
  lng decimal(11, 8) not null,
  amenities jsonb not null,
  images jsonb not null,
  version integer not null
);
grant select on park.parks to skypark_app;

create function park.project_parks(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into parks (id, names, addresses, capacity, price_under_3, price_over_3, price_adult, group_percent, open_time, close_time,
    time_zone, lat, lng, amenities, images, version)
  select d ->> 'parkId', d -> 'names', d -> 'addresses', (d ->> 'capacity')::integer, (d ->> 'priceUnder3Tyiyn')::numeric / 100,
    (d ->> 'priceOver3Tyiyn')::numeric / 100, (d ->> 'priceAdultTyiyn')::numeric / 100, (d ->> 'groupPercent')::smallint,
    (d ->> 'openTime')::time, (d ->> 'closeTime')::time, d ->> 'timeZone', (d ->> 'latitudeE7')::numeric / 10000000,
    (d ->> 'longitudeE7')::numeric / 10000000, d -> 'amenities', d -> 'images', e.event_version
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'ParkOpened'
  on conflict (id) do nothing;
end $$;

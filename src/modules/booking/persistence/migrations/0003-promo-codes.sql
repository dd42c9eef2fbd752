-- Terms as the newest event says; how many uses are left is a counter of the store.
create table booking.promo_codes (
  id uuid primary key,
  code varchar(40) not null unique,
  terms jsonb not null,
  version integer not null
);
grant select on booking.promo_codes to skypark_app;

create function booking.project_promo_codes(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into promo_codes as p (id, code, terms, version)
  select distinct on (aggregate_id) aggregate_id, event_data ->> 'code', event_data, event_version from store.event
  where position between from_position and to_position and event_type in ('PromoCodeCreated', 'PromoCodeChanged')
  order by aggregate_id, position desc
  on conflict (id) do update set terms = excluded.terms, version = excluded.version where p.version < excluded.version;
end $$;

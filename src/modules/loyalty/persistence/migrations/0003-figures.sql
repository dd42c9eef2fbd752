-- migrate: breaking
-- Figures are changed by events now. Until the first change the program's own are in force and the tables are empty.
delete from loyalty.tiers;
comment on table loyalty.tiers is 'Tiers in force, once somebody has changed the figures. minimum_points counts what was earned and not reversed.';

create table loyalty.figures (
  version integer primary key,
  earning_sum decimal(10, 2) not null check (earning_sum > 0),
  point_value decimal(10, 2) not null check (point_value > 0),
  spendable_percent smallint not null check (spendable_percent between 0 and 100),
  valid_months smallint not null check (valid_months > 0),
  returned_days smallint not null check (returned_days >= 0),
  changed_at timestamptz not null
);
comment on table loyalty.figures is 'The figures in force, one row, once somebody has changed them.';
comment on column loyalty.figures.version is 'Version of the stream of the programme that this row shows.';
comment on column loyalty.figures.earning_sum is 'Money that earns one point.';
comment on column loyalty.figures.point_value is 'What one spent point takes off a price.';
comment on column loyalty.figures.valid_months is 'How long points can be spent and count for the tier.';
comment on column loyalty.figures.returned_days is 'How long points that come back can be spent at least.';
grant select on loyalty.figures to skypark_app;

create function loyalty.project_figures(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  newest record;
begin
  select event_version as version, event_data as d into newest from store.event
  where position between from_position and to_position and event_type = 'LoyaltyFiguresChanged'
    and event_version > coalesce((select version from figures), 0)
  order by position desc limit 1;
  if not found then return; end if;

  delete from tiers where true;
  insert into tiers (name, minimum_points, discount_percent)
  select tier ->> 'name', (tier ->> 'minimumPoints')::integer, (tier ->> 'discountPercent')::smallint
  from jsonb_array_elements(newest.d -> 'tiers') tier;

  delete from figures where true;
  insert into figures (version, earning_sum, point_value, spendable_percent, valid_months, returned_days, changed_at)
  values (newest.version, (newest.d ->> 'earningTyiyn')::numeric / 100, (newest.d ->> 'worthTyiyn')::numeric / 100,
    (newest.d ->> 'spendablePercent')::smallint, (newest.d ->> 'validMonths')::smallint, (newest.d ->> 'returnedDays')::smallint,
    store.from_ms((newest.d ->> 'changedAtMs')::bigint));
end $$;

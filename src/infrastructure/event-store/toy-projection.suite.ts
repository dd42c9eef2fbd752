import type { Projection } from '../module.ts';

/** A projection for tests: counts `ToyCounted` a stream, and fails at `ToyBroken`. Run by the owner of the tables. */
export const openToyProjection = `
  create schema toy;
  grant usage on schema toy to skypark_app;
  create table toy.counts (
    stream_id uuid primary key,
    counted integer not null check (counted > 0),
    last_position bigint not null,
    label text not null default 'it''s a toy'
  ) with (fillfactor = 70);
  comment on table toy.counts is 'It''s for tests.';
  comment on column toy.counts.counted is 'How often.';
  create index on toy.counts (last_position);
  create unique index on toy.counts (label, stream_id) where counted > 1;
  grant select on toy.counts to skypark_app;
  create function toy.require_count() returns trigger language plpgsql as $$
  begin
    if new.counted is null then raise exception 'nothing was counted'; end if;
    return null;
  end $$;
  create constraint trigger counted after insert on toy.counts deferrable initially deferred
    for each row execute function toy.require_count();
  grant update (label) on toy.counts to skypark_app with grant option;
  create function toy.project_counts(from_position bigint, to_position bigint) returns void language plpgsql as $$
  begin
    if exists (
      select from store.event e
      where e.position between from_position and to_position and e.event_type = 'ToyBroken'
    ) then
      raise exception 'a toy broke';
    end if;
    insert into counts (stream_id, counted, last_position)
    select e.aggregate_id, count(*), max(e.position) from store.event e
      where e.position between from_position and to_position and e.event_type = 'ToyCounted'
      group by e.aggregate_id
    on conflict (stream_id) do update
      set counted = counts.counted + excluded.counted, last_position = excluded.last_position;
  end $$;
`;

export const toyProjection: Projection = {
  name: 'toy.counts',
  schema: 'toy',
  tables: ['counts'],
  eventTypes: ['ToyCounted', 'ToyBroken'],
  functionName: 'toy.project_counts',
};

-- The key of a device that signs; null for a simple scanner.
alter table admission.devices add column public_key text;

create or replace function admission.project_devices(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into devices (id, park_id, status, code_hash, invited_at, expires_at)
  select e.aggregate_id, d ->> 'parkId', 'invited', d ->> 'codeHash', e.occurred_at, store.from_ms((d ->> 'expiresAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceInvited'
  on conflict (id) do nothing;

  update devices v set name = d ->> 'name', credential_hash = d ->> 'credentialHash', public_key = d ->> 'publicKey',
    enrolled_at = store.from_ms((d ->> 'enrolledAtMs')::bigint),
    status = case v.status when 'invited' then 'enrolled' else v.status end
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceEnrolled' and v.id = e.aggregate_id;

  update devices v set status = 'revoked', revoked_at = store.from_ms((d ->> 'revokedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceRevoked' and v.id = e.aggregate_id;
end $$;

-- The logs of devices as far as they were merged. What an entry came to stands among the scans.
create table admission.device_entries (
  device_id uuid not null,
  seq bigint not null,
  link text not null,
  scan_id uuid not null,
  hour integer not null,
  admitted smallint not null,
  over_quota boolean not null,
  primary key (device_id, seq)
);
comment on column admission.device_entries.hour is 'Of the clock of the device, counted from 1970.';
comment on column admission.device_entries.over_quota is 'Beyond what the device may let in alone in an hour.';
create index on admission.device_entries (device_id, hour);
create index on admission.device_entries (device_id) where over_quota;
grant select on admission.device_entries to skypark_app;

-- What devices told that had told something else before. Nobody passed by it.
create table admission.device_forks (
  position bigint primary key,
  device_id uuid not null,
  park_id varchar(50) not null,
  seq bigint not null,
  entries jsonb not null,
  noticed_at timestamptz not null
);
comment on column admission.device_forks.seq is 'The first entry of which there are two.';
create index on admission.device_forks (device_id, position);
grant select on admission.device_forks to skypark_app;

create function admission.project_device_logs(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into device_entries (device_id, seq, link, scan_id, hour, admitted, over_quota)
  select (d ->> 'deviceId')::uuid, (f ->> 'seq')::bigint, f ->> 'link', (f ->> 'scanId')::uuid, (f ->> 'hour')::integer,
    (f ->> 'admitted')::smallint, (f ->> 'overQuota')::boolean
  from store.event e cross join lateral (select e.event_data) as data(d)
    cross join lateral jsonb_array_elements(d -> 'entries') as facts(f)
  where e.position between from_position and to_position and e.event_type = 'DeviceLogMerged'
  on conflict (device_id, seq) do nothing;

  insert into device_forks (position, device_id, park_id, seq, entries, noticed_at)
  select e.position, (d ->> 'deviceId')::uuid, d ->> 'parkId', (d ->> 'seq')::bigint, d -> 'entries', e.created_at
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceLogForked'
  on conflict (position) do nothing;
end $$;

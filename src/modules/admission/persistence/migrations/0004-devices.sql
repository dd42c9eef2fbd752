-- Gate devices. A code is told once and enrols one device; the credential it gets is known here by its hash only.
create table admission.devices (
  id uuid primary key,
  park_id varchar(50) not null,
  name text,
  status text not null,
  code_hash text not null unique,
  credential_hash text unique,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  enrolled_at timestamptz,
  revoked_at timestamptz
);
create index on admission.devices (park_id, id);
grant select on admission.devices to skypark_app;

create function admission.project_devices(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into devices (id, park_id, status, code_hash, invited_at, expires_at)
  select e.aggregate_id, d ->> 'parkId', 'invited', d ->> 'codeHash', e.occurred_at, store.from_ms((d ->> 'expiresAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceInvited'
  on conflict (id) do nothing;

  update devices v set name = d ->> 'name', credential_hash = d ->> 'credentialHash',
    enrolled_at = store.from_ms((d ->> 'enrolledAtMs')::bigint),
    status = case v.status when 'invited' then 'enrolled' else v.status end
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceEnrolled' and v.id = e.aggregate_id;

  update devices v set status = 'revoked', revoked_at = store.from_ms((d ->> 'revokedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DeviceRevoked' and v.id = e.aggregate_id;
end $$;

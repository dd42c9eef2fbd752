-- The schema after all migrations, read from the catalog. Written by tools/schema.ts; edit migrations instead.

CREATE SCHEMA admission;

CREATE TABLE admission.admissions (
  ticket_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  visit_date date NOT NULL,
  party_size smallint NOT NULL,
  admitted smallint NOT NULL,
  inside smallint NOT NULL,
  first_admitted_at timestamp with time zone NOT NULL,
  last_scan_id uuid NOT NULL,
  last_scanned_at timestamp with time zone NOT NULL,
  hlc bigint DEFAULT 0 NOT NULL,
  CONSTRAINT admissions_pkey PRIMARY KEY (ticket_id)
) WITH (fillfactor=80);
COMMENT ON COLUMN admission.admissions.admitted IS 'How many of the party have ever come in.';
COMMENT ON COLUMN admission.admissions.hlc IS 'Stamp of the event whose state this row shows.';
CREATE INDEX admissions_visit_date_park_id_idx ON admission.admissions USING btree (visit_date, park_id);

CREATE TABLE admission.catching_up (
  only_one boolean DEFAULT true NOT NULL,
  behind_since bigint NOT NULL,
  CONSTRAINT catching_up_behind_since_check CHECK ((behind_since >= 0)),
  CONSTRAINT catching_up_only_one_check CHECK (only_one),
  CONSTRAINT catching_up_pkey PRIMARY KEY (only_one)
);

CREATE TABLE admission.device_entries (
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  link text NOT NULL,
  scan_id uuid NOT NULL,
  hour integer NOT NULL,
  admitted smallint NOT NULL,
  over_quota boolean NOT NULL,
  CONSTRAINT device_entries_pkey PRIMARY KEY (device_id, seq)
);
COMMENT ON COLUMN admission.device_entries.hour IS 'Of the clock of the device, counted from 1970.';
COMMENT ON COLUMN admission.device_entries.over_quota IS 'Beyond what the device may let in alone in an hour.';
CREATE INDEX device_entries_device_id_hour_idx ON admission.device_entries USING btree (device_id, hour);
CREATE INDEX device_entries_device_id_idx ON admission.device_entries USING btree (device_id) WHERE over_quota;

CREATE TABLE admission.device_forks (
  "position" bigint NOT NULL,
  device_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  seq bigint NOT NULL,
  entries jsonb NOT NULL,
  noticed_at timestamp with time zone NOT NULL,
  CONSTRAINT device_forks_pkey PRIMARY KEY ("position")
);
COMMENT ON COLUMN admission.device_forks.seq IS 'The first entry of which there are two.';
CREATE INDEX device_forks_device_id_position_idx ON admission.device_forks USING btree (device_id, "position");

CREATE TABLE admission.devices (
  id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  name text,
  status text NOT NULL,
  code_hash text NOT NULL,
  credential_hash text,
  invited_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  enrolled_at timestamp with time zone,
  revoked_at timestamp with time zone,
  public_key text,
  CONSTRAINT devices_code_hash_key UNIQUE (code_hash),
  CONSTRAINT devices_credential_hash_key UNIQUE (credential_hash),
  CONSTRAINT devices_pkey PRIMARY KEY (id)
);
CREATE INDEX devices_park_id_id_idx ON admission.devices USING btree (park_id, id);

CREATE TABLE admission.gate_cards (
  ticket_id uuid NOT NULL,
  sealed text,
  CONSTRAINT gate_cards_pkey PRIMARY KEY (ticket_id)
);

CREATE TABLE admission.gate_days (
  ticket_id uuid NOT NULL,
  visit_date date NOT NULL,
  park_id character varying(50) NOT NULL,
  "position" bigint NOT NULL,
  revoked_as text,
  CONSTRAINT gate_days_pkey PRIMARY KEY (ticket_id, visit_date)
);
COMMENT ON COLUMN admission.gate_days."position" IS 'Of the newest event that gates have to hear of.';
COMMENT ON COLUMN admission.gate_days.revoked_as IS 'Why nobody comes in by the ticket on this day any more; null while somebody may.';
CREATE INDEX gate_days_park_id_visit_date_position_idx ON admission.gate_days USING btree (park_id, visit_date, "position");
CREATE INDEX gate_days_park_id_visit_date_position_idx1 ON admission.gate_days USING btree (park_id, visit_date, "position") WHERE (revoked_as IS NOT NULL);

CREATE TABLE admission.incidents (
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  visit_date date NOT NULL,
  place smallint NOT NULL,
  winner_scan_id uuid NOT NULL,
  winner_scanned_at timestamp with time zone NOT NULL,
  winner_node text NOT NULL,
  winner_gate text NOT NULL,
  scan_ids uuid[] NOT NULL,
  noticed_at timestamp with time zone NOT NULL,
  noticed_position bigint NOT NULL,
  resolved_at timestamp with time zone,
  resolved_by text,
  resolution text,
  note text,
  hlc bigint DEFAULT 0 NOT NULL,
  resolved_hlc bigint,
  told jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT incidents_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN admission.incidents.noticed_position IS 'Of the event that first told of it: the order of the list.';
COMMENT ON COLUMN admission.incidents.note IS 'Sealed: what somebody wrote when they resolved it.';
COMMENT ON COLUMN admission.incidents.hlc IS 'Stamp of the event whose state this row shows.';
COMMENT ON COLUMN admission.incidents.told IS 'By node, the newest that it told: its stamp, whose place it is, and all scans, the winner''s first.';
CREATE INDEX incidents_noticed_position_place_idx ON admission.incidents USING btree (noticed_position, place);
CREATE INDEX incidents_park_id_noticed_position_place_idx ON admission.incidents USING btree (park_id, noticed_position, place);

CREATE TABLE admission.refused_scans (
  scan_id uuid NOT NULL,
  ticket_id uuid,
  outcome text NOT NULL,
  remaining smallint NOT NULL,
  refused_at timestamp with time zone NOT NULL,
  CONSTRAINT refused_scans_pkey PRIMARY KEY (scan_id)
);
COMMENT ON TABLE admission.refused_scans IS 'Refusals from before they were events. A scan that counted goes before.';

CREATE TABLE admission.scans (
  scan_id uuid NOT NULL,
  node_id character varying(50) DEFAULT ''::character varying NOT NULL,
  ticket_id uuid,
  park_id character varying(50),
  outcome text NOT NULL,
  people smallint NOT NULL,
  remaining smallint NOT NULL,
  gate text NOT NULL,
  actor text NOT NULL,
  scanned_at timestamp with time zone NOT NULL,
  incident_id uuid,
  hlc bigint DEFAULT 0 NOT NULL,
  CONSTRAINT scans_pkey PRIMARY KEY (scan_id, node_id)
);
COMMENT ON TABLE admission.scans IS 'Scans with the first answer of each node; remaining is what was left of the party then.';
CREATE INDEX scans_ticket_id_idx ON admission.scans USING btree (ticket_id);

CREATE TABLE admission.voids (
  ticket_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  visit_date date NOT NULL,
  why text NOT NULL,
  override boolean NOT NULL,
  entered smallint NOT NULL,
  voided_at timestamp with time zone NOT NULL,
  hlc bigint DEFAULT 0 NOT NULL,
  CONSTRAINT voids_pkey PRIMARY KEY (ticket_id)
);
COMMENT ON COLUMN admission.voids.override IS 'A manager insisted although somebody had come in.';
CREATE INDEX voids_visit_date_park_id_idx ON admission.voids USING btree (visit_date, park_id);

CREATE OR REPLACE FUNCTION admission.newest_tellings(known jsonb, more jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(jsonb_object_agg(node, telling), '{}') from (
    select distinct on (node) node, telling
    from (select * from jsonb_each(known) union all select * from jsonb_each(more)) each_node(node, telling)
    order by node, (telling ->> 'hlc')::bigint desc
  ) newest
$function$;

CREATE OR REPLACE FUNCTION admission.project_admissions(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- A scan that was good for some is answered by what it was for all.
  insert into scans as s (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at, incident_id, hlc, node_id)
  select distinct on ((d ->> 'scanId')::uuid, e.node_id) (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid,
    case when d ->> 'outcome' is distinct from 'wrong_park' then d ->> 'parkId' end,
    case e.event_type when 'PeopleAdmitted' then 'admitted' when 'PeopleExited' then 'exited' else d ->> 'outcome' end,
    (case e.event_type when 'PeopleAdmittedInExcess' then d ->> 'cameIn' when 'ScanRefused' then '0' else d ->> 'people' end)::smallint,
    (d ->> 'remaining')::smallint, d ->> 'gate', e.actor, store.from_ms((d ->> 'scannedAtMs')::bigint),
    case e.event_type when 'PeopleAdmittedInExcess' then (d ->> 'incidentId')::uuid end, e.hlc, e.node_id
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position
    and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'ScanRefused')
  order by (d ->> 'scanId')::uuid, e.node_id, e.event_type = 'PeopleAdmittedInExcess' desc, e.hlc
  on conflict (scan_id, node_id) do update set ticket_id = excluded.ticket_id, park_id = excluded.park_id, outcome = excluded.outcome,
    people = excluded.people, remaining = excluded.remaining, gate = excluded.gate, actor = excluded.actor,
    scanned_at = excluded.scanned_at, incident_id = excluded.incident_id, hlc = excluded.hlc
  where case when (s.incident_id is null) = (excluded.incident_id is null) then excluded.hlc < s.hlc
    else s.incident_id is null end;

  if types && array['PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionRecounted'] then
    insert into admissions as a (ticket_id, park_id, visit_date, party_size, admitted, inside, first_admitted_at,
      last_scan_id, last_scanned_at, hlc)
    select (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, (d ->> 'partySize')::smallint, e.entered,
      (d ->> 'inside')::smallint, store.from_ms(e.first_ms), (d ->> 'scanId')::uuid, store.from_ms((d ->> 'scannedAtMs')::bigint), e.hlc
    from (
      -- One sorting does for the newest and for what is ever true; of the others nothing else is read.
      select distinct on (event_data ->> 'ticketId') event_data as d, hlc, max((event_data ->> 'entered')::smallint) over newest_first as entered,
        min((event_data ->> 'scannedAtMs')::bigint) over newest_first as first_ms
      from store.event
      where position between from_position and to_position
        and event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionRecounted')
      window newest_first as (partition by event_data ->> 'ticketId' order by hlc desc rows between unbounded preceding and unbounded following)
      order by event_data ->> 'ticketId', hlc desc
    ) e
    on conflict (ticket_id) do update set admitted = greatest(a.admitted, excluded.admitted),
      first_admitted_at = least(a.first_admitted_at, excluded.first_admitted_at),
      visit_date = case when excluded.hlc > a.hlc then excluded.visit_date else a.visit_date end,
      inside = case when excluded.hlc > a.hlc then excluded.inside else a.inside end,
      last_scan_id = case when excluded.hlc > a.hlc then excluded.last_scan_id else a.last_scan_id end,
      last_scanned_at = case when excluded.hlc > a.hlc then excluded.last_scanned_at else a.last_scanned_at end,
      hlc = greatest(a.hlc, excluded.hlc);
  end if;

  if types && array['AdmissionVoided'] then
    insert into voids as v (ticket_id, park_id, visit_date, why, override, entered, voided_at, hlc)
    select distinct on ((d ->> 'ticketId')::uuid) (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, d ->> 'why',
      (d ->> 'override')::boolean, (d ->> 'entered')::smallint, store.from_ms((d ->> 'voidedAtMs')::bigint), e.hlc
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'AdmissionVoided' and d ->> 'why' <> 'moved'
    order by (d ->> 'ticketId')::uuid, e.hlc
    on conflict (ticket_id) do update set visit_date = excluded.visit_date, why = excluded.why, override = excluded.override,
      entered = excluded.entered, voided_at = excluded.voided_at, hlc = excluded.hlc
    where excluded.hlc < v.hlc;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION admission.project_device_logs(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION admission.project_devices(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION admission.project_gate_days(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if not types && array['TicketMoved', 'TicketMoveUndone', 'TicketCancelled', 'AdmissionVoided'] then
    insert into gate_days as g (ticket_id, visit_date, park_id, position)
    select ticket_id, visit_date, min(park_id), max(position)
    from (
      select (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'visitDate')::date as visit_date, d ->> 'parkId' as park_id, e.position
      from store.event e cross join lateral (select e.event_data) as data(d)
      where e.position between from_position and to_position and e.event_type in ('TicketActivated', 'PeopleAdmitted', 'PeopleExited', 'AdmissionRecounted')
    ) told
    group by ticket_id, visit_date
    on conflict (ticket_id, visit_date) do update set position = excluded.position where excluded.position > g.position;
    return;
  end if;

  insert into gate_days as g (ticket_id, visit_date, park_id, position, revoked_as)
  select ticket_id, visit_date, min(park_id), max(position),
    (array_agg(revoked_as order by position desc) filter (where revoked_as is not null))[1]
  from (
    select (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'visitDate')::date as visit_date, d ->> 'parkId' as park_id, e.position,
      case e.event_type when 'TicketCancelled' then 'cancelled'
        when 'AdmissionVoided' then case d ->> 'why' when 'moved' then 'moved' else 'voided' end end as revoked_as
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position
      and e.event_type in ('TicketActivated', 'TicketMoved', 'TicketMoveUndone', 'TicketCancelled', 'AdmissionVoided', 'PeopleAdmitted',
        'PeopleExited', 'AdmissionRecounted')
      and not (e.event_type = 'TicketCancelled' and d ->> 'freedFrom' = 'held')
    union all
    select (d ->> 'ticketId')::uuid, (d ->> 'fromDate')::date, d ->> 'parkId', e.position, 'moved'
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type in ('TicketMoved', 'TicketMoveUndone')
  ) told
  group by ticket_id, visit_date
  on conflict (ticket_id, visit_date) do update set position = excluded.position,
    revoked_as = coalesce(excluded.revoked_as, g.revoked_as)
  where excluded.position > g.position;

  if types && array['TicketMoveUndone'] then
    update gate_days g set revoked_as = null
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketMoveUndone' and g.revoked_as = 'moved'
      and g.ticket_id = e.aggregate_id and g.visit_date = (e.event_data ->> 'visitDate')::date;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION admission.project_incidents(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into incidents as i (id, ticket_id, park_id, visit_date, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate,
    scan_ids, noticed_at, noticed_position, hlc, told)
  select id, ticket_id, park_id, visit_date, place, (won #>> '{winner,scanId}')::uuid,
    store.from_ms((won #>> '{winner,scannedAtMs}')::bigint), won #>> '{winner,nodeId}', won #>> '{winner,gate}',
    admission.scans_told(told), noticed_at, noticed_position, hlc, told
  from (
    select id, (array_agg(d order by hlc desc))[1] ->> 'parkId' as park_id,
      ((array_agg(d order by hlc desc))[1] ->> 'ticketId')::uuid as ticket_id,
      ((array_agg(d order by hlc desc))[1] ->> 'visitDate')::date as visit_date,
      min(place) as place, min(created_at) as noticed_at, min(position) as noticed_position, max(hlc) as hlc,
      -- Of the values of one key the last one stays.
      jsonb_object_agg(node_id, jsonb_build_object('hlc', hlc, 'winner', f -> 'winner', 'scanIds', f -> 'scanIds') order by hlc) as told
    from (
      select e.position, e.created_at, e.hlc, e.node_id, d, f, (f ->> 'incidentId')::uuid as id, (f ->> 'place')::smallint as place
      from store.event e cross join lateral (select e.event_data) as data(d)
        cross join lateral jsonb_array_elements(d -> 'incidents') as facts(f)
      where e.position between from_position and to_position and e.event_type in ('PeopleAdmittedInExcess', 'AdmissionRecounted')
    ) events
    group by id
  ) found cross join lateral (select admission.winning_telling(told)) as winning(won)
  on conflict (id) do update set
    visit_date = case when excluded.hlc > i.hlc then excluded.visit_date else i.visit_date end,
    (winner_scan_id, winner_scanned_at, winner_node, winner_gate, scan_ids, told) = (
      select (won #>> '{winner,scanId}')::uuid, store.from_ms((won #>> '{winner,scannedAtMs}')::bigint), won #>> '{winner,nodeId}',
        won #>> '{winner,gate}', admission.scans_told(known), known
      from (select admission.newest_tellings(i.told, excluded.told)) as tellings(known)
        cross join lateral (select admission.winning_telling(known)) as winning(won)
    ),
    noticed_at = least(i.noticed_at, excluded.noticed_at), hlc = greatest(i.hlc, excluded.hlc);

  update incidents i set resolved_at = store.from_ms((d ->> 'resolvedAtMs')::bigint), resolved_by = d ->> 'by',
    resolution = d ->> 'resolution', note = d ->> 'note', resolved_hlc = told.hlc
  from (
    select distinct on ((e.event_data ->> 'incidentId')::uuid) (e.event_data ->> 'incidentId')::uuid as id, e.event_data as d, e.hlc
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'IncidentResolved'
    order by (e.event_data ->> 'incidentId')::uuid, e.hlc
  ) told
  where i.id = told.id and (i.resolved_hlc is null or told.hlc < i.resolved_hlc);
end $function$;

CREATE OR REPLACE FUNCTION admission.scans_told(told jsonb)
 RETURNS uuid[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select array_agg(scan order by turn) from (
    select scan::uuid, min(turn) as turn from (
      select scan, row_number() over (
        order by (telling #>> '{winner,scannedAtMs}')::bigint, telling #>> '{winner,nodeId}' collate "C", node, place) as turn
      from jsonb_each(told) each_node(node, telling)
        cross join lateral jsonb_array_elements_text(telling -> 'scanIds') with ordinality scans(scan, place)
    ) in_turn group by scan
  ) once
$function$;

CREATE OR REPLACE FUNCTION admission.winning_telling(told jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select telling from jsonb_each(told) each_node(node, telling)
  order by (telling #>> '{winner,scannedAtMs}')::bigint, telling #>> '{winner,nodeId}' collate "C", telling #>> '{winner,scanId}' limit 1
$function$;

CREATE SCHEMA auth;

CREATE TABLE auth.credential (
  user_id uuid NOT NULL,
  password_hash text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT credential_pkey PRIMARY KEY (user_id)
);
COMMENT ON TABLE auth.credential IS 'Secrets of accounts. A row without an account is left by a registration that did not end; it opens nothing.';

CREATE TABLE auth.factor_challenge (
  token_hash bytea NOT NULL,
  user_id uuid NOT NULL,
  witness bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  tries integer NOT NULL,
  by_password boolean DEFAULT false NOT NULL,
  CONSTRAINT factor_challenge_pkey PRIMARY KEY (token_hash),
  CONSTRAINT factor_challenge_token_hash_check CHECK ((octet_length(token_hash) = 32)),
  CONSTRAINT factor_challenge_witness_check CHECK ((octet_length(witness) = 32))
);
CREATE INDEX factor_challenge_expires_at_idx ON auth.factor_challenge USING btree (expires_at);
CREATE INDEX factor_challenge_user_id_idx ON auth.factor_challenge USING btree (user_id);

CREATE TABLE auth.one_time_code (
  phone_index text NOT NULL,
  purpose character varying(10) NOT NULL,
  salt text NOT NULL,
  code_hash text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  wrong_tries integer NOT NULL,
  user_id uuid,
  CONSTRAINT one_time_code_pkey PRIMARY KEY (phone_index, purpose)
);
CREATE INDEX one_time_code_expires_at_idx ON auth.one_time_code USING btree (expires_at);
CREATE INDEX one_time_code_user_id_idx ON auth.one_time_code USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE TABLE auth.passkey (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  credential_index text NOT NULL,
  sealed text NOT NULL,
  counter bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  is_told boolean NOT NULL,
  CONSTRAINT passkey_credential_index_key UNIQUE (credential_index),
  CONSTRAINT passkey_pkey PRIMARY KEY (id)
);
CREATE INDEX passkey_user_id_idx ON auth.passkey USING btree (user_id);

CREATE TABLE auth.passkey_challenge (
  occasion character varying(100) NOT NULL,
  user_id uuid NOT NULL,
  challenge character varying(64) NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT passkey_challenge_pkey PRIMARY KEY (occasion)
);
CREATE INDEX passkey_challenge_expires_at_idx ON auth.passkey_challenge USING btree (expires_at);
CREATE INDEX passkey_challenge_user_id_idx ON auth.passkey_challenge USING btree (user_id);

CREATE TABLE auth.password_reset (
  token_hash bytea NOT NULL,
  user_id uuid NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT password_reset_pkey PRIMARY KEY (token_hash),
  CONSTRAINT password_reset_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX password_reset_expires_at_idx ON auth.password_reset USING btree (expires_at);
CREATE INDEX password_reset_user_id_idx ON auth.password_reset USING btree (user_id);

CREATE TABLE auth.recovery_code (
  user_id uuid NOT NULL,
  name character varying(2) NOT NULL,
  code_hash text NOT NULL,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, name)
);

CREATE TABLE auth.refresh_token (
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  generation integer NOT NULL,
  CONSTRAINT refresh_token_pkey PRIMARY KEY (token_hash),
  CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES auth.session(id) ON DELETE CASCADE,
  CONSTRAINT refresh_token_session_id_generation_key UNIQUE (session_id, generation),
  CONSTRAINT refresh_token_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE auth.role_changes (
  user_id uuid NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT role_changes_pkey PRIMARY KEY (user_id)
);
CREATE INDEX role_changes_changed_at_idx ON auth.role_changes USING btree (changed_at);

CREATE TABLE auth.role_grants (
  user_id uuid NOT NULL,
  role character varying(20) NOT NULL,
  park_id character varying(50),
  granted_at timestamp with time zone NOT NULL,
  CONSTRAINT role_grants_user_id_role_park_id_key UNIQUE NULLS NOT DISTINCT (user_id, role, park_id)
);

CREATE TABLE auth.role_note (
  user_id uuid NOT NULL,
  noted_at timestamp with time zone NOT NULL,
  CONSTRAINT role_note_pkey PRIMARY KEY (user_id)
);
CREATE INDEX role_note_noted_at_idx ON auth.role_note USING btree (noted_at);

CREATE TABLE auth.session (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  generation integer NOT NULL,
  refreshed_at timestamp with time zone NOT NULL,
  masked_token bytea,
  revoked_at timestamp with time zone,
  revoked_because text,
  user_agent text,
  authenticated_at timestamp with time zone,
  is_two_factor boolean DEFAULT false NOT NULL,
  CONSTRAINT session_check CHECK (((revoked_at IS NULL) = (revoked_because IS NULL))),
  CONSTRAINT session_masked_token_check CHECK ((octet_length(masked_token) = 32)),
  CONSTRAINT session_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN auth.session.generation IS 'Number of the newest refresh token: 1, 2, 3 …';
COMMENT ON COLUMN auth.session.masked_token IS 'The newest refresh token, readable only with the one before it, for a repeat of a lost answer.';
CREATE INDEX session_expires_at_idx ON auth.session USING btree (expires_at);
CREATE INDEX session_revoked_at_idx ON auth.session USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX session_user_id_idx ON auth.session USING btree (user_id);

CREATE TABLE auth.staff_cards (
  user_id uuid NOT NULL,
  phone_index text,
  person text,
  password_hash text,
  roles text[] NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT staff_cards_phone_index_key UNIQUE (phone_index),
  CONSTRAINT staff_cards_pkey PRIMARY KEY (user_id)
);
CREATE INDEX staff_cards_changed_at_idx ON auth.staff_cards USING btree (changed_at);

CREATE TABLE auth.staff_list (
  only_row boolean DEFAULT true NOT NULL,
  incarnation uuid NOT NULL,
  "position" bigint NOT NULL,
  heard_at timestamp with time zone NOT NULL,
  digest text,
  CONSTRAINT staff_list_only_row_check CHECK (only_row),
  CONSTRAINT staff_list_pkey PRIMARY KEY (only_row)
);
COMMENT ON COLUMN auth.staff_list.digest IS 'Of the list and its version, under a key of this node. Of another version or null: not known, so the next list is looked through.';

CREATE TABLE auth.token_mark (
  only_row boolean DEFAULT true NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  CONSTRAINT token_mark_only_row_check CHECK (only_row),
  CONSTRAINT token_mark_pkey PRIMARY KEY (only_row)
);

CREATE TABLE auth.totp_factor (
  user_id uuid NOT NULL,
  secret text NOT NULL,
  begun_at timestamp with time zone NOT NULL,
  confirmed_at timestamp with time zone,
  used_step bigint NOT NULL,
  failed integer DEFAULT 0 NOT NULL,
  failed_since timestamp with time zone,
  is_told boolean DEFAULT true NOT NULL,
  CONSTRAINT totp_factor_pkey PRIMARY KEY (user_id)
);

CREATE TABLE auth.verified_phones (
  user_id uuid NOT NULL,
  verified_at timestamp with time zone NOT NULL,
  CONSTRAINT verified_phones_pkey PRIMARY KEY (user_id)
);

CREATE OR REPLACE FUNCTION auth.after_tokens(at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$select greatest(at, (select issued_at from auth.token_mark))$function$;

CREATE OR REPLACE FUNCTION auth.project_roles(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  -- Of several events about one role the last one counts.
  with last_event as (
    select distinct on (n.user_id, d.role, n.park_id) n.user_id, d.role, n.park_id, e.event_type, e.created_at
    from store.event e
    cross join lateral jsonb_to_record(e.event_data) as d("userId" uuid, role varchar(20), "parkId" varchar(50))
    cross join lateral (select d."userId", d."parkId") as n(user_id, park_id)
    where e.position between from_position and to_position and e.event_type in ('RoleGranted', 'RoleRevoked')
    order by n.user_id, d.role, n.park_id, e.position desc
  ), revoked as (
    delete from role_grants g using last_event l
    where l.event_type = 'RoleRevoked' and g.user_id = l.user_id and g.role = l.role
      and g.park_id is not distinct from l.park_id
  )
  insert into role_grants (user_id, role, park_id, granted_at)
  select user_id, role, park_id, created_at from last_event where event_type = 'RoleGranted'
  on conflict (user_id, role, park_id) do update set granted_at = excluded.granted_at;

  insert into role_changes (user_id, changed_at)
  select (e.event_data ->> 'userId')::uuid, max(e.created_at)
  from store.event e
  where e.position between from_position and to_position and e.event_type in ('RoleGranted', 'RoleRevoked')
  group by 1
  on conflict (user_id) do update set changed_at = greatest(role_changes.changed_at, excluded.changed_at);
end $function$;

CREATE OR REPLACE FUNCTION auth.project_verified_phones(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into verified_phones (user_id, verified_at)
  select (e.event_data ->> 'userId')::uuid, min(e.created_at)
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PhoneVerified'
  group by 1
  on conflict (user_id) do update set verified_at = least(verified_phones.verified_at, excluded.verified_at);
end $function$;

CREATE SCHEMA booking;

CREATE TABLE booking.day_closings (
  park_id character varying(50) NOT NULL,
  visit_date date NOT NULL,
  id uuid NOT NULL,
  reason text,
  started_at timestamp with time zone NOT NULL,
  CONSTRAINT day_closings_pkey PRIMARY KEY (park_id, visit_date)
);
CREATE INDEX day_closings_visit_date_idx ON booking.day_closings USING btree (visit_date);

CREATE TABLE booking.early_admissions (
  ticket_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  used_at timestamp with time zone,
  remaining smallint NOT NULL,
  hlc bigint NOT NULL,
  CONSTRAINT early_admissions_pkey PRIMARY KEY (ticket_id, park_id)
);

CREATE TABLE booking.pass_visits (
  ticket_id uuid NOT NULL,
  pass_id uuid NOT NULL,
  visit_date date NOT NULL,
  returned boolean DEFAULT false NOT NULL,
  CONSTRAINT pass_visits_pkey PRIMARY KEY (ticket_id)
);
CREATE INDEX pass_visits_pass_id_idx ON booking.pass_visits USING btree (pass_id) WHERE (NOT returned);

CREATE TABLE booking.passes (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name character varying(100),
  park_ids text[] NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  visits integer,
  people smallint NOT NULL,
  price numeric(10,2) NOT NULL,
  payment_reference character varying(100) NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  cancelled_at timestamp with time zone,
  cancel_reason text,
  CONSTRAINT passes_pkey PRIMARY KEY (id)
);
CREATE INDEX passes_user_id_id_idx ON booking.passes USING btree (user_id, id);

CREATE TABLE booking.promo_codes (
  id uuid NOT NULL,
  code character varying(40) NOT NULL,
  terms jsonb NOT NULL,
  version integer NOT NULL,
  CONSTRAINT promo_codes_code_key UNIQUE (code),
  CONSTRAINT promo_codes_pkey PRIMARY KEY (id)
);

CREATE TABLE booking.tickets (
  id uuid NOT NULL,
  user_id uuid,
  park_id character varying(50) NOT NULL,
  ticket_type character varying(20) NOT NULL,
  visit_date date NOT NULL,
  qr_code character varying(255) NOT NULL,
  status character varying(20) NOT NULL,
  price numeric(10,2) NOT NULL,
  price_breakdown jsonb NOT NULL,
  children_data jsonb NOT NULL,
  adults smallint NOT NULL,
  places smallint NOT NULL,
  remaining smallint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  valid_from timestamp with time zone NOT NULL,
  valid_until timestamp with time zone NOT NULL,
  admission_code text,
  payment_id uuid,
  paid numeric(10,2),
  promo_code character varying(40),
  points_spent integer DEFAULT 0 NOT NULL,
  sold_places smallint DEFAULT 0 NOT NULL,
  moved_from date,
  cancelled_at timestamp with time zone,
  cancelled_by character varying(20),
  cancel_reason text,
  refund_id uuid,
  refund_status character varying(20),
  refund_amount numeric(10,2),
  move_to date,
  move_price numeric(10,2),
  move_due numeric(10,2),
  move_until timestamp with time zone,
  sold_by text DEFAULT ''::text NOT NULL,
  void_status character varying(20),
  void_amount numeric(10,2),
  status_hlc bigint DEFAULT 0 NOT NULL,
  passed_hlc bigint DEFAULT 0 NOT NULL,
  leaving date,
  leaving_refund numeric(10,2),
  CONSTRAINT tickets_pkey PRIMARY KEY (id),
  CONSTRAINT tickets_qr_code_key UNIQUE (qr_code)
);
COMMENT ON COLUMN booking.tickets.status_hlc IS 'Stamp of the event that the status is from, unless that is used.';
COMMENT ON COLUMN booking.tickets.passed_hlc IS 'Stamp of the entry or exit that says how many may still come in.';
CREATE INDEX tickets_expires_at_idx ON booking.tickets USING btree (expires_at) WHERE ((status)::text = 'pending_payment'::text);
CREATE INDEX tickets_move_until_idx ON booking.tickets USING btree (move_until) WHERE (move_until IS NOT NULL);
CREATE INDEX tickets_park_id_idx ON booking.tickets USING btree (park_id) WHERE (leaving IS NOT NULL);
CREATE INDEX tickets_park_id_move_to_move_until_idx ON booking.tickets USING btree (park_id, move_to, move_until) WHERE (move_until IS NOT NULL);
CREATE INDEX tickets_park_id_visit_date_expires_at_idx ON booking.tickets USING btree (park_id, visit_date, expires_at) WHERE ((status)::text = 'pending_payment'::text);
CREATE INDEX tickets_park_id_visit_date_id_idx ON booking.tickets USING btree (park_id, visit_date, id);
CREATE INDEX tickets_sold_by_id_idx ON booking.tickets USING btree (sold_by, id) WHERE (((status)::text = 'used'::text) AND (sold_places = 0));
CREATE INDEX tickets_status_visit_date_id_idx ON booking.tickets USING btree (status, visit_date, id);
CREATE INDEX tickets_user_id_id_idx ON booking.tickets USING btree (user_id, id);
CREATE INDEX tickets_valid_until_idx ON booking.tickets USING btree (valid_until) WHERE ((status)::text = 'active'::text);
CREATE INDEX tickets_visit_date_id_idx ON booking.tickets USING btree (visit_date, id);

CREATE TABLE booking.waitlist (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  visit_date date NOT NULL,
  places smallint NOT NULL,
  adults smallint NOT NULL,
  children jsonb NOT NULL,
  status character varying(20) NOT NULL,
  ticket_id uuid,
  offered_until timestamp with time zone,
  joined_at timestamp with time zone NOT NULL,
  turn bigint NOT NULL,
  CONSTRAINT waitlist_pkey PRIMARY KEY (id)
);
CREATE INDEX waitlist_park_id_visit_date_turn_idx ON booking.waitlist USING btree (park_id, visit_date, turn) WHERE ((status)::text = 'waiting'::text);
CREATE INDEX waitlist_user_id_id_idx ON booking.waitlist USING btree (user_id, id);

CREATE OR REPLACE FUNCTION booking.project_day_closings(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into day_closings (park_id, visit_date, id, reason, started_at)
  select d ->> 'parkId', (d ->> 'date')::date, e.aggregate_id, d ->> 'reason', store.from_ms((d ->> 'startedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DayClosingStarted'
  on conflict (park_id, visit_date) do nothing;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_passes(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into passes (id, user_id, name, park_ids, valid_from, valid_to, visits, people, price, payment_reference, issued_at)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'name', array(select jsonb_array_elements_text(d -> 'parkIds')),
    (d ->> 'validFrom')::date, (d ->> 'validTo')::date, (d ->> 'visits')::integer, (d ->> 'people')::smallint,
    (d ->> 'priceTyiyn')::numeric / 100, d ->> 'paymentReference', store.from_ms((d ->> 'issuedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'PassIssued'
  on conflict (id) do nothing;

  update passes p set cancelled_at = store.from_ms((e.event_data ->> 'cancelledAtMs')::bigint),
    cancel_reason = e.event_data ->> 'reason'
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PassCancelled' and p.id = e.aggregate_id;

  insert into pass_visits (ticket_id, pass_id, visit_date)
  select (event_data ->> 'ticketId')::uuid, aggregate_id, (event_data ->> 'visitDate')::date
  from store.event
  where position between from_position and to_position and event_type = 'PassVisitBooked'
  on conflict (ticket_id) do nothing;

  -- A ticket moves once and comes back once.
  update pass_visits v set visit_date = (e.event_data ->> 'visitDate')::date
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PassVisitMoved'
    and v.ticket_id = (e.event_data ->> 'ticketId')::uuid;

  update pass_visits v set returned = true
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PassVisitReturned'
    and v.ticket_id = (e.event_data ->> 'ticketId')::uuid;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_promo_codes(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into promo_codes as p (id, code, terms, version)
  select distinct on (aggregate_id) aggregate_id, event_data ->> 'code', event_data, event_version from store.event
  where position between from_position and to_position and event_type in ('PromoCodeCreated', 'PromoCodeChanged')
  order by aggregate_id, position desc
  on conflict (id) do update set terms = excluded.terms, version = excluded.version where p.version < excluded.version;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_ticket_moves(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- Whatever comes after a hold ends it.
  if types && array['TicketMoveHeld', 'TicketMoveLapsed', 'TicketMoved'] then
    update tickets t set move_to = case when e.held then (d ->> 'visitDate')::date end,
      move_price = case when e.held then (d ->> 'priceTyiyn')::numeric / 100 end,
      move_due = case when e.held then (d ->> 'dueTyiyn')::numeric / 100 end,
      move_until = case when e.held then store.from_ms((d ->> 'expiresAtMs')::bigint) end
    from (
      select distinct on (aggregate_id) aggregate_id, event_type = 'TicketMoveHeld' as held, event_data as d from store.event
      where position between from_position and to_position and event_type in ('TicketMoveHeld', 'TicketMoveLapsed', 'TicketMoved')
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id;
  end if;

  -- A payment keeps the hold that it was begun for, no later one.
  if types && array['TicketMoveKept'] then
    update tickets t set move_until = store.from_ms((e.event_data ->> 'expiresAtMs')::bigint)
    from (
      select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
      where position between from_position and to_position and event_type in ('TicketMoveHeld', 'TicketMoveKept')
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id and e.event_type = 'TicketMoveKept' and t.move_until is not null;
  end if;

  -- A ticket moves once, and back at most once. Points and promo codes stay as they were where the event does not tell.
  if types && array['TicketMoved', 'TicketMoveUndone'] then
    update tickets t set visit_date = (d ->> 'visitDate')::date, moved_from = (d ->> 'fromDate')::date,
      price = (d ->> 'priceTyiyn')::numeric / 100, price_breakdown = d -> 'priceLines', children_data = d -> 'children',
      paid = (d ->> 'paidTyiyn')::numeric / 100, admission_code = d ->> 'admissionCode',
      valid_from = store.from_ms((d ->> 'validFromMs')::bigint), valid_until = store.from_ms((d ->> 'validUntilMs')::bigint),
      promo_code = case when d #>> '{returnedPromo,code}' is null then t.promo_code end,
      points_spent = coalesce((d ->> 'pointsSpent')::integer, t.points_spent),
      leaving = case when d #>> '{leaving,voidId}' is not null then (d ->> 'fromDate')::date end,
      leaving_refund = (d #>> '{leaving,refundTyiyn}')::numeric / 100
    from (
      select distinct on (aggregate_id) aggregate_id, event_data as d from store.event
      where position between from_position and to_position and event_type in ('TicketMoved', 'TicketMoveUndone')
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id;
  end if;

  if types && array['TicketLeftDay'] then
    update tickets t set leaving = null, leaving_refund = null, paid = (d ->> 'paidTyiyn')::numeric / 100,
      promo_code = case when d #>> '{returnedPromo,code}' is null then t.promo_code end, points_spent = (d ->> 'pointsSpent')::integer
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'TicketLeftDay' and t.id = e.aggregate_id;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_ticket_passages(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  with told as materialized (
    select distinct on (ticket_id, park_id) ticket_id, park_id, remaining, hlc, min(admitted_ms) over newest_first as first_ms
    from (
      select (d ->> 'ticketId')::uuid as ticket_id, coalesce(e.park_id, d ->> 'parkId') as park_id, (d ->> 'remaining')::smallint as remaining, e.hlc,
        case e.event_type when 'PeopleAdmitted' then (d ->> 'scannedAtMs')::bigint end as admitted_ms
      from store.event e cross join lateral (select e.event_data) as data(d)
      where e.position between from_position and to_position and e.event_type in ('PeopleAdmitted', 'PeopleExited')
    ) passed
    -- One sorting does for both.
    window newest_first as (partition by ticket_id, park_id order by hlc desc rows between unbounded preceding and unbounded following)
    order by ticket_id, park_id, hlc desc
  ), known as (
    update tickets t set used_at = least(t.used_at, store.from_ms(told.first_ms)),
      status = case when told.first_ms is null or t.status in ('cancelled', 'refunded') then t.status else 'used' end,
      remaining = case when told.hlc > t.passed_hlc then told.remaining else t.remaining end,
      passed_hlc = greatest(t.passed_hlc, told.hlc)
    from told where t.id = told.ticket_id and t.park_id = told.park_id
  )
  insert into early_admissions as early (ticket_id, park_id, used_at, remaining, hlc)
  select told.ticket_id, told.park_id, store.from_ms(told.first_ms), told.remaining, told.hlc from told
  where not exists (select from tickets t where t.id = told.ticket_id)
  on conflict (ticket_id, park_id) do update set used_at = least(early.used_at, excluded.used_at),
    remaining = case when excluded.hlc > early.hlc then excluded.remaining else early.remaining end,
    hlc = greatest(early.hlc, excluded.hlc);
end $function$;

CREATE OR REPLACE FUNCTION booking.project_ticket_refunds(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update tickets t set refund_id = e.refund_id, refund_status = 'requested', refund_amount = e.amount
  from (
    select distinct on (ticket_id) (event_data ->> 'ticketId')::uuid as ticket_id, (event_data ->> 'refundId')::uuid as refund_id,
      (event_data ->> 'amountTyiyn')::numeric / 100 as amount
    from store.event
    where position between from_position and to_position and event_type = 'RefundRequested'
    order by ticket_id, position desc
  ) e
  where t.id = e.ticket_id;

  -- A submission names no ticket, its request did. Nothing takes a payout back; of other events the last one counts.
  update tickets t set refund_status = case e.event_type when 'RefundSubmitted' then 'submitted' when 'RefundSucceeded' then 'succeeded'
    else 'manual' end
  from (
    select distinct on (refund_id) (e.event_data ->> 'refundId')::uuid as refund_id, e.event_type,
      coalesce(e.event_data ->> 'ticketId', (
        select r.event_data ->> 'ticketId' from store.event r
        where r.aggregate_id = e.aggregate_id and r.event_type = 'RefundRequested' and r.event_data ->> 'refundId' = e.event_data ->> 'refundId'
      ))::uuid as ticket_id
    from store.event e
    where e.position between from_position and to_position and e.event_type in ('RefundSubmitted', 'RefundSucceeded', 'RefundFailed')
    order by refund_id, e.event_type = 'RefundSucceeded' desc, e.position desc
  ) e
  where t.id = e.ticket_id and t.refund_id = e.refund_id and t.refund_status <> 'succeeded';
end $function$;

CREATE OR REPLACE FUNCTION booking.project_ticket_statuses(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- Of two cancellations, which only two lives of one log can write, the first.
  if types && array['TicketCancelled'] then
    update tickets t set cancelled_at = store.from_ms((d ->> 'cancelledAtMs')::bigint), cancelled_by = d ->> 'why',
      cancel_reason = d ->> 'reason', sold_places = case when d ->> 'freedFrom' = 'sold' then 0 else t.sold_places end
    from (
      select distinct on (aggregate_id) aggregate_id, event_data as d from store.event
      where position between from_position and to_position and event_type = 'TicketCancelled'
      order by aggregate_id, (event_data ->> 'cancelledAtMs')::bigint
    ) e
    where t.id = e.aggregate_id
      and (t.cancelled_at is null or store.from_ms((d ->> 'cancelledAtMs')::bigint) < t.cancelled_at);
  end if;

  if types && array['TicketActivated', 'TicketSaleRemembered', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled', 'TicketRefunded'] then
    update tickets t set status_hlc = e.hlc, status = case e.event_type when 'TicketCancelled' then 'cancelled'
      when 'TicketRefunded' then 'refunded'
      else case when t.used_at is not null then 'used' when e.event_type in ('TicketActivated', 'TicketSaleRemembered') then 'active'
        else 'expired' end end
    from (
      select distinct on (aggregate_id) aggregate_id, event_type, hlc, event_type in ('TicketCancelled', 'TicketRefunded') as ends
      from store.event
      where position between from_position and to_position
        and event_type in ('TicketActivated', 'TicketSaleRemembered', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled',
          'TicketRefunded')
        and not (event_type = 'TicketActivated' and event_data ? 'remembered')
      order by aggregate_id, ends desc, hlc desc
    ) e
    where t.id = e.aggregate_id
      and case when e.ends = (t.status in ('cancelled', 'refunded')) then e.hlc > t.status_hlc else e.ends end;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_ticket_voids(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update tickets t set void_status = case e.event_type when 'VoidAsked' then 'requested' else 'denied_used' end,
    void_amount = (e.event_data ->> 'paidTyiyn')::numeric / 100
  from (
    select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
    where position between from_position and to_position and event_type in ('VoidAsked', 'TicketVoidDenied')
      and event_data ->> 'why' <> 'moved'
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_tickets(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['TicketHeld'] then
    insert into tickets (id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
      places, remaining, created_at, expires_at, valid_from, valid_until, promo_code, points_spent, sold_by)
    select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'parkId', d ->> 'ticketType', (d ->> 'visitDate')::date, d ->> 'qrCode',
      'pending_payment', (d ->> 'priceTyiyn')::numeric / 100, d -> 'priceLines', d -> 'children', (d ->> 'adults')::smallint,
      (d ->> 'places')::smallint, (d ->> 'places')::smallint, store.from_ms((d ->> 'createdAtMs')::bigint),
      store.from_ms((d ->> 'expiresAtMs')::bigint), store.from_ms((d ->> 'validFromMs')::bigint),
      store.from_ms((d ->> 'validUntilMs')::bigint), d #>> '{promo,code}', coalesce((d ->> 'pointsSpent')::integer, 0),
      e.node_id
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'TicketHeld'
    on conflict (id) do nothing;
    perform booking.take_over_early_admissions(from_position, to_position);
  end if;

  if types && array['TicketHoldKept'] then
    update tickets t set expires_at = store.from_ms((e.event_data ->> 'expiresAtMs')::bigint)
    from (
      select distinct on (aggregate_id) aggregate_id, event_data from store.event
      where position between from_position and to_position and event_type = 'TicketHoldKept'
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id;
  end if;

  if types && array['TicketSaleRemembered'] then
    update tickets t set admission_code = coalesce(t.admission_code, e.event_data ->> 'admissionCode'),
      sold_places = case when t.cancelled_at is null then t.places else t.sold_places end
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketSaleRemembered' and t.id = e.aggregate_id;
  end if;

  if types && array['TicketActivated'] then
    update tickets t set admission_code = e.event_data ->> 'admissionCode', payment_id = (e.event_data ->> 'paymentId')::uuid,
      paid = (e.event_data ->> 'paidTyiyn')::numeric / 100,
      -- What was cancelled has given its places back, also when its events are read again.
      sold_places = case when t.cancelled_at is null then t.places else t.sold_places end
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketActivated' and t.id = e.aggregate_id;
  end if;

  perform booking.project_ticket_moves(from_position, to_position);
  if types && array['VoidAsked', 'TicketVoidDenied'] then
    perform booking.project_ticket_voids(from_position, to_position);
  end if;

  perform booking.project_ticket_statuses(from_position, to_position);
  if types && array['PeopleAdmitted', 'PeopleExited'] then
    perform booking.project_ticket_passages(from_position, to_position);
  end if;
  if types && array['RefundRequested', 'RefundSubmitted', 'RefundSucceeded', 'RefundFailed'] then
    perform booking.project_ticket_refunds(from_position, to_position);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION booking.project_waitlist(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into waitlist (id, user_id, park_id, visit_date, places, adults, children, status, joined_at, turn)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, (d ->> 'places')::smallint,
    (d ->> 'adults')::smallint, d -> 'children', 'waiting', store.from_ms((d ->> 'joinedAtMs')::bigint), e.position
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'WaitlistJoined'
  on conflict (id) do nothing;

  update waitlist w set ticket_id = (e.event_data ->> 'ticketId')::uuid,
    offered_until = store.from_ms((e.event_data ->> 'untilMs')::bigint)
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'WaitlistOffered' and w.id = e.aggregate_id;

  update waitlist w set status = case e.event_type when 'WaitlistLeft' then 'left' else 'offered' end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type from store.event
    where position between from_position and to_position and event_type in ('WaitlistOffered', 'WaitlistLeft')
    order by aggregate_id, position desc
  ) e
  where w.id = e.aggregate_id;
end $function$;

CREATE OR REPLACE FUNCTION booking.take_over_early_admissions(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  told_of uuid[] := array(
    select e.aggregate_id from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketHeld'
  );
begin
  with told as (
    delete from early_admissions early where early.ticket_id = any(told_of)
    returning early.ticket_id, early.park_id, early.used_at, early.remaining, early.hlc
  )
  update tickets t set used_at = told.used_at, remaining = told.remaining, passed_hlc = told.hlc,
    status = case when told.used_at is null then t.status else 'used' end
  from told where t.id = told.ticket_id and t.park_id = told.park_id;
end $function$;

CREATE SCHEMA fiscal;

CREATE TABLE fiscal.issued (
  receipt_id uuid NOT NULL,
  kind character varying(10) NOT NULL,
  payment_id uuid NOT NULL,
  refund_id uuid,
  ticket_id uuid NOT NULL,
  total_tyiyn bigint NOT NULL,
  fn_number text NOT NULL,
  fd_number text NOT NULL,
  fiscal_sign text NOT NULL,
  register_number text NOT NULL,
  tin text NOT NULL,
  operation_type text NOT NULL,
  local_time text NOT NULL,
  url text NOT NULL,
  is_test boolean NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  CONSTRAINT issued_pkey PRIMARY KEY (receipt_id)
);
COMMENT ON COLUMN fiscal.issued.local_time IS 'By the clock of the register.';
CREATE INDEX issued_payment_id_idx ON fiscal.issued USING btree (payment_id);

CREATE TABLE fiscal.receipt (
  entry bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  id uuid NOT NULL,
  kind character varying(10) NOT NULL,
  payment_id uuid NOT NULL,
  refund_id uuid,
  ticket_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  total_tyiyn bigint NOT NULL,
  is_cash boolean NOT NULL,
  register character varying(40) NOT NULL,
  document jsonb,
  created_at timestamp with time zone NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_try_at timestamp with time zone,
  outcome character varying(20),
  error text,
  CONSTRAINT receipt_id_key UNIQUE (id),
  CONSTRAINT receipt_payment_id_refund_id_key UNIQUE NULLS NOT DISTINCT (payment_id, refund_id),
  CONSTRAINT receipt_pkey PRIMARY KEY (entry),
  CONSTRAINT receipt_total_tyiyn_check CHECK ((total_tyiyn >= 0))
);
COMMENT ON COLUMN fiscal.receipt.id IS 'Made of the payment''s or the refund''s; the register''s key of the receipt.';
COMMENT ON COLUMN fiscal.receipt.refund_id IS 'Null for a sale.';
COMMENT ON COLUMN fiscal.receipt.register IS 'Number of the fiscal module that is asked, always the same one.';
COMMENT ON COLUMN fiscal.receipt.document IS 'What it is asked for, fixed before the first call; null when nothing is to be issued.';
COMMENT ON COLUMN fiscal.receipt.next_try_at IS 'Infinite while a return waits for the receipt of its sale; null once there is an outcome.';
COMMENT ON COLUMN fiscal.receipt.outcome IS 'Null while it is to be issued.';
CREATE INDEX receipt_created_at_idx ON fiscal.receipt USING btree (created_at) WHERE (next_try_at IS NOT NULL);
CREATE INDEX receipt_outcome_entry_idx ON fiscal.receipt USING btree (outcome, entry);
CREATE INDEX receipt_payment_id_idx ON fiscal.receipt USING btree (payment_id) WHERE (next_try_at = 'infinity'::timestamp with time zone);
CREATE INDEX receipt_register_next_try_at_idx ON fiscal.receipt USING btree (register, next_try_at) WHERE (next_try_at IS NOT NULL);

CREATE TABLE fiscal.shift (
  register character varying(40) NOT NULL,
  opened_on date,
  is_doubted boolean DEFAULT false NOT NULL,
  busy_until timestamp with time zone NOT NULL,
  CONSTRAINT shift_pkey PRIMARY KEY (register)
);
COMMENT ON COLUMN fiscal.shift.opened_on IS 'In the parks'' time; null when none is open, as far as we know.';
COMMENT ON COLUMN fiscal.shift.is_doubted IS 'A receipt was refused since, and the shift may be why.';
COMMENT ON COLUMN fiscal.shift.busy_until IS 'Until then one process alone opens or closes it.';

CREATE TABLE fiscal.start (
  "position" bigint NOT NULL
);

CREATE OR REPLACE FUNCTION fiscal.project_issued(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into issued (receipt_id, kind, payment_id, refund_id, ticket_id, total_tyiyn, fn_number, fd_number, fiscal_sign,
    register_number, tin, operation_type, local_time, url, is_test, issued_at)
  select e.aggregate_id, d ->> 'kind', (d ->> 'paymentId')::uuid, (d ->> 'refundId')::uuid, (d ->> 'ticketId')::uuid,
    (d ->> 'totalTyiyn')::bigint, d ->> 'fnNumber', d ->> 'fdNumber', d ->> 'fiscalSign', d ->> 'registerNumber', d ->> 'tin',
    d ->> 'operationType', d ->> 'localTime', d ->> 'url', (d ->> 'isTest')::boolean, store.from_ms((d ->> 'recordedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'FiscalReceiptIssued'
  on conflict (receipt_id) do nothing;
end $function$;

CREATE SCHEMA http;

CREATE TABLE http.idempotency (
  scope bytea NOT NULL,
  fingerprint text NOT NULL,
  claimed_at timestamp with time zone NOT NULL,
  status smallint,
  body text,
  headers jsonb,
  CONSTRAINT idempotency_pkey PRIMARY KEY (scope)
) WITH (fillfactor=10);
CREATE INDEX idempotency_claimed_at_idx ON http.idempotency USING btree (claimed_at);

CREATE SCHEMA ledger;

CREATE TABLE ledger.differences (
  entry bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  id uuid NOT NULL,
  statement_id uuid NOT NULL,
  number integer,
  verdict character varying(20) NOT NULL,
  reference text NOT NULL,
  told_tyiyn bigint,
  booked_tyiyn bigint,
  payment_id uuid,
  suggested_payment_id uuid,
  day date,
  of_park character varying(50) DEFAULT ''::character varying NOT NULL,
  told_fee_tyiyn bigint,
  agreed_fee_tyiyn bigint,
  holds boolean DEFAULT true NOT NULL,
  CONSTRAINT differences_id_key UNIQUE (id),
  CONSTRAINT differences_pkey PRIMARY KEY (entry),
  CONSTRAINT differences_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES ledger.statements(id)
);
COMMENT ON COLUMN ledger.differences.id IS 'Made of the statement and the line, or the event, so that a comparison made again finds the same ones.';
COMMENT ON COLUMN ledger.differences.of_park IS 'Whose money it is; empty when nobody can tell.';
COMMENT ON COLUMN ledger.differences.holds IS 'Whether the last comparison found it: a resolved one stays when it is none any more.';
CREATE INDEX differences_statement_id_idx ON ledger.differences USING btree (statement_id);

CREATE TABLE ledger.entries (
  "position" bigint NOT NULL,
  line smallint NOT NULL,
  account text NOT NULL,
  amount_tyiyn bigint NOT NULL,
  day date NOT NULL,
  park_id character varying(50) NOT NULL,
  event_type character varying(50) NOT NULL,
  ticket_id uuid,
  payment_id uuid,
  refund_id uuid,
  shift_id uuid,
  reference text,
  booked_day date NOT NULL,
  CONSTRAINT entries_amount_tyiyn_check CHECK ((amount_tyiyn <> 0)),
  CONSTRAINT entries_pkey PRIMARY KEY ("position", line)
);
COMMENT ON COLUMN ledger.entries."position" IS 'Of the event that is booked: its transaction. No event is booked twice.';
COMMENT ON COLUMN ledger.entries.amount_tyiyn IS 'Above zero a debit, below zero a credit.';
COMMENT ON COLUMN ledger.entries.day IS 'In the parks'' time: when the money moved, of unused tickets the day of the visit.';
COMMENT ON COLUMN ledger.entries.park_id IS 'Empty when nobody knows the park any more.';
COMMENT ON COLUMN ledger.entries.reference IS 'How whoever moved the money names the movement.';
COMMENT ON COLUMN ledger.entries.booked_day IS 'In the parks'' time: when the log was told. Never before that of an entry with a lower position.';
CREATE INDEX entries_account_day_idx ON ledger.entries USING btree (account, day) WHERE (reference IS NOT NULL);
CREATE INDEX entries_account_reference_idx ON ledger.entries USING btree (account, reference) WHERE (reference IS NOT NULL);
CREATE INDEX entries_payment_id_idx ON ledger.entries USING btree (payment_id) WHERE (account = ANY (ARRAY['received'::text, 'suspense'::text]));
CREATE INDEX entries_ticket_id_position_idx ON ledger.entries USING btree (ticket_id, "position") WHERE (account = ANY (ARRAY['deferred_revenue'::text, 'revenue:no_show'::text]));
CREATE TRIGGER add_up AFTER INSERT ON ledger.entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.add_up();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TABLE ledger.first_admissions (
  ticket_id uuid NOT NULL,
  "position" bigint NOT NULL,
  CONSTRAINT first_admissions_pkey PRIMARY KEY (ticket_id)
);

CREATE TABLE ledger.last_check (
  is_only boolean DEFAULT true NOT NULL,
  checked_at timestamp with time zone NOT NULL,
  faults text[] NOT NULL,
  CONSTRAINT last_check_is_only_check CHECK (is_only),
  CONSTRAINT last_check_pkey PRIMARY KEY (is_only)
);
COMMENT ON COLUMN ledger.last_check.faults IS 'In words; none when all is well.';

CREATE TABLE ledger.resolutions (
  difference_id uuid NOT NULL,
  resolution character varying(40) NOT NULL,
  note text,
  resolved_by text NOT NULL,
  resolved_at timestamp with time zone NOT NULL,
  CONSTRAINT resolutions_pkey PRIMARY KEY (difference_id)
);
COMMENT ON COLUMN ledger.resolutions.note IS 'In the words of who resolved it; a sealed text.';

CREATE TABLE ledger.statement_faults (
  statement_id uuid NOT NULL,
  number integer NOT NULL,
  fault text NOT NULL,
  CONSTRAINT statement_faults_pkey PRIMARY KEY (statement_id, number),
  CONSTRAINT statement_faults_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES ledger.statements(id)
);
COMMENT ON TABLE ledger.statement_faults IS 'Lines that could not be read.';

CREATE TABLE ledger.statement_lines (
  statement_id uuid NOT NULL,
  number integer NOT NULL,
  reference text NOT NULL,
  amount_tyiyn bigint NOT NULL,
  fee_tyiyn bigint,
  day date,
  kind character varying(10) DEFAULT 'movement'::character varying NOT NULL,
  told_at timestamp with time zone,
  CONSTRAINT statement_lines_amount_tyiyn_check CHECK ((amount_tyiyn <> 0)),
  CONSTRAINT statement_lines_pkey PRIMARY KEY (statement_id, number),
  CONSTRAINT statement_lines_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES ledger.statements(id)
);
COMMENT ON COLUMN ledger.statement_lines.amount_tyiyn IS 'Above zero a payment, below zero a refund.';
COMMENT ON COLUMN ledger.statement_lines.kind IS 'A movement, which is a payment or a refund, or a payout to our bank.';
CREATE INDEX statement_lines_reference_idx ON ledger.statement_lines USING btree (reference);

CREATE TABLE ledger.statement_sums (
  statement_id uuid NOT NULL,
  kind character varying(20) NOT NULL,
  park_id character varying(50) NOT NULL,
  day date NOT NULL,
  amount_tyiyn bigint NOT NULL,
  CONSTRAINT statement_sums_pkey PRIMARY KEY (statement_id, kind, park_id, day),
  CONSTRAINT statement_sums_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES ledger.statements(id)
);

CREATE TABLE ledger.statements (
  id uuid NOT NULL,
  method character varying(20) NOT NULL,
  park_id character varying(50),
  from_day date NOT NULL,
  to_day date NOT NULL,
  fee_basis_points integer,
  file_sha256 bytea NOT NULL,
  imported_at timestamp with time zone NOT NULL,
  reading jsonb,
  lines integer DEFAULT 0 NOT NULL,
  faults integer DEFAULT 0 NOT NULL,
  found jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT statements_fee_basis_points_check CHECK (((fee_basis_points >= 0) AND (fee_basis_points <= 10000))),
  CONSTRAINT statements_method_park_id_file_sha256_key UNIQUE NULLS NOT DISTINCT (method, park_id, file_sha256),
  CONSTRAINT statements_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN ledger.statements.park_id IS 'Null for an account of all parks.';
COMMENT ON COLUMN ledger.statements.fee_basis_points IS 'What the provider takes of a payment by contract, in hundredths of a percent; null when fees are not looked at.';
COMMENT ON COLUMN ledger.statements.reading IS 'By which columns and words its lines were read; null while they are being written.';
COMMENT ON COLUMN ledger.statements.found IS 'Differences of the last comparison by verdict.';

CREATE TABLE ledger.totals (
  park_id character varying(50) NOT NULL,
  account text NOT NULL,
  booked_day date NOT NULL,
  day date NOT NULL,
  debit_tyiyn bigint NOT NULL,
  credit_tyiyn bigint NOT NULL,
  CONSTRAINT totals_pkey PRIMARY KEY (park_id, account, booked_day, day)
) WITH (fillfactor=70);
COMMENT ON TABLE ledger.totals IS 'What the entries add up to, by the day on which they were booked and the day on which the money moved.';
CREATE INDEX totals_booked_day_idx ON ledger.totals USING btree (booked_day);

CREATE OR REPLACE FUNCTION ledger.add_up()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  lame record;
begin
  select position, sum(amount_tyiyn) as rest into lame from added group by position having sum(amount_tyiyn) <> 0 limit 1;
  if found then
    raise exception 'the entries of event % are % tyiyn out of balance', lame.position, lame.rest using errcode = 'check_violation';
  end if;
  insert into totals as t (park_id, account, booked_day, day, debit_tyiyn, credit_tyiyn)
  select park_id, account, booked_day, day, sum(greatest(amount_tyiyn, 0)), sum(greatest(-amount_tyiyn, 0))
  from added group by 1, 2, 3, 4
  on conflict (park_id, account, booked_day, day) do update
    set debit_tyiyn = t.debit_tyiyn + excluded.debit_tyiyn, credit_tyiyn = t.credit_tyiyn + excluded.credit_tyiyn;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION ledger.book_money(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  with told as (
    select e.position, e.id, e.event_type, e.causation_id, e.event_data as d, ledger.booked_day(e.hlc) as booked_day,
      case when e.event_type in ('ShiftOpened', 'CashTaken', 'CashPaidOut', 'ShiftClosed') then e.aggregate_id end as shift_id,
      (e.event_data ->> 'ticketId')::uuid as ticket_id,
      coalesce(e.event_data ->> 'paymentId', '')  as payment_text,
      (e.event_data ->> 'refundId')::uuid as refund_id,
      (e.event_data ->> 'amountTyiyn')::numeric as amount,
      (store.from_ms(coalesce(e.event_data ->> 'succeededAtMs', e.event_data ->> 'noticedAtMs', e.event_data ->> 'requestedAtMs',
        e.event_data ->> 'activatedAtMs', e.event_data ->> 'movedAtMs', e.event_data ->> 'refusedAtMs', e.event_data ->> 'openedAtMs',
        e.event_data ->> 'takenAtMs', e.event_data ->> 'paidOutAtMs', e.event_data ->> 'closedAtMs')::bigint)
        at time zone 'Asia/Bishkek')::date as day
    from store.event e
    where e.position between from_position and to_position and e.event_type in ('PaymentSucceeded', 'PaymentMismatched',
      'RefundRequested', 'RefundSucceeded', 'TicketActivated', 'TicketMoved', 'TicketPaymentRefused', 'ShiftOpened', 'CashTaken',
      'CashPaidOut', 'ShiftClosed')
      and (e.event_data ->> 'why') is distinct from 'told_differently'
  ), known as (
    select t.*, nullif(coalesce(t.d #>> '{difference,paymentId}', t.payment_text), '')::uuid as payment_id
    from told t
    -- Of moves only those count that cost money.
    where t.event_type <> 'TicketMoved' or t.d #>> '{difference,paymentId}' is not null
  ), placed as materialized (
    select k.*, paid.method, paid.captured, coalesce(k.d ->> 'parkId', paid.park_id, ticket.park_id, shift.park_id, '') as park_id,
      paid.asked_before, k.event_type = 'RefundRequested' and (paid.captured is null or k.causation_id = any(paid.misfits)) as is_misfit,
      case
        when ticket.bought and k.event_type in ('RefundRequested', 'TicketActivated', 'TicketMoved')
          and exists (select from first_admissions f where f.ticket_id = k.ticket_id and f.position < k.position) then 'revenue'
        when ticket.bought and ticket.over then 'revenue:no_show'
        when ticket.bought then 'deferred_revenue'
        when ticket.refused then 'suspense'
        else 'received' end as holder,
      k.event_type = 'RefundSucceeded' and exists (
        select from store.event f
        where f.aggregate_id = k.payment_id and f.event_type = 'RefundFailed' and f.position + 0 < k.position
          and (f.event_data ->> 'refundId')::uuid = k.refund_id) as by_hand
    from known k
    -- What the payment's own events say. Money that did not fit goes back apart and is not counted, nor is what was asked back
    -- before the payment succeeded.
    left join lateral (
      select min(s.d ->> 'method') filter (where s.event_type = 'PaymentIntended') as method,
        min(s.d ->> 'parkId') filter (where s.event_type = 'PaymentIntended') as park_id,
        min(s.d ->> 'ticketId') filter (where s.event_type = 'PaymentIntended')::uuid as ticket_id,
        sum((s.d ->> 'amountTyiyn')::numeric) filter (where s.event_type = 'PaymentSucceeded' and s.position < k.position) as captured,
        coalesce(sum((s.d ->> 'amountTyiyn')::numeric) filter (where s.event_type = 'RefundRequested' and s.position < k.position
          and s.position > s.came_at and (s.causation_id = any(s.misfits)) is not true), 0) as asked_before,
        min(s.misfits) as misfits
      from (
        select e.position, e.event_type, e.event_data as d, e.causation_id,
          min(e.position) filter (where e.event_type = 'PaymentSucceeded') over () as came_at,
          array_agg(e.id::text) filter (where e.event_type = 'PaymentMismatched') over () as misfits
        from store.event e
        where k.shift_id is null and e.aggregate_id = k.payment_id
          and e.event_type in ('PaymentIntended', 'PaymentSucceeded', 'PaymentMismatched', 'RefundRequested')
      ) s
    ) paid on true
    -- What became of money that fitted, as its ticket says by now, but for what the gates say.
    left join lateral (
      select min(h.event_data ->> 'parkId') filter (where h.event_type = 'TicketHeld') as park_id,
        coalesce(bool_or(h.position <= k.position
          and (h.event_type = 'TicketActivated' and (h.event_data ->> 'paymentId')::uuid = k.payment_id
            or h.event_type = 'TicketMoved' and (h.event_data #>> '{difference,paymentId}')::uuid = k.payment_id)), false) as bought,
        bool_or(h.position <= k.position and h.event_type = 'TicketExpired') as over,
        bool_or(h.position <= k.position and h.event_type = 'TicketPaymentRefused'
          and (h.event_data ->> 'paymentId')::uuid = k.payment_id) as refused
      from store.event h
      where k.shift_id is null and h.aggregate_id = coalesce(k.ticket_id, paid.ticket_id)
        and (k.event_type in ('RefundRequested', 'TicketActivated', 'TicketMoved') or paid.park_id is null)
        and h.event_type in ('TicketHeld', 'TicketActivated', 'TicketMoved', 'TicketExpired', 'TicketPaymentRefused')
    ) ticket on true
    left join lateral (
      select o.event_data ->> 'parkId' as park_id
      from store.event o where o.aggregate_id = k.shift_id and o.event_version = 1 and o.event_type = 'ShiftOpened'
    ) shift on k.shift_id is not null
  ), moved as (
    select w.*, m.pair, m.debit, m.credit, m.sum
    from placed w
    cross join lateral (
      select case when w.is_misfit then 0 else least(w.captured, w.asked_before + w.amount) - least(w.captured, w.asked_before) end as own
    ) r
    cross join lateral (
      select 1, 'clearing:' || w.method, 'received', w.amount where w.event_type = 'PaymentSucceeded'
      union all
      select 1, case when w.d ->> 'currency' = 'KGS' then 'clearing:' || w.method else 'clearing:foreign' end, 'suspense', w.amount
        where w.event_type = 'PaymentMismatched'
      union all
      select 1, 'received', w.holder, (w.d ->> 'paidTyiyn')::numeric - least(w.asked_before, (w.d ->> 'paidTyiyn')::numeric)
        where w.event_type = 'TicketActivated' and w.payment_id is not null
      union all
      select 1, 'received', w.holder,
          (w.d #>> '{difference,paidTyiyn}')::numeric - least(w.asked_before, (w.d #>> '{difference,paidTyiyn}')::numeric)
        where w.event_type = 'TicketMoved'
      union all
      select 1, 'received', 'suspense', w.captured - least(w.asked_before, w.captured) where w.event_type = 'TicketPaymentRefused'
      union all
      select 1, w.holder, 'refunds_payable', r.own where w.event_type = 'RefundRequested'
      union all
      select 2, 'suspense', 'refunds_payable', w.amount - r.own where w.event_type = 'RefundRequested'
      union all
      select 1, 'refunds_payable', case when w.by_hand then 'clearing:by_hand' else 'clearing:' || w.method end, w.amount
        where w.event_type = 'RefundSucceeded'
      union all
      select 1, 'till', 'safe', (w.d ->> 'floatTyiyn')::numeric where w.event_type = 'ShiftOpened'
      union all
      select 1, 'till', 'clearing:cash', w.amount where w.event_type = 'CashTaken'
      union all
      select 1, 'clearing:by_hand', 'till', w.amount where w.event_type = 'CashPaidOut'
      union all
      select 1, 'safe', 'till', (w.d ->> 'countedTyiyn')::numeric where w.event_type = 'ShiftClosed'
      union all
      select 2, case when (w.d ->> 'differenceTyiyn')::numeric < 0 then 'cash_differences' else 'till' end,
          case when (w.d ->> 'differenceTyiyn')::numeric < 0 then 'till' else 'cash_differences' end,
          abs((w.d ->> 'differenceTyiyn')::numeric)
        where w.event_type = 'ShiftClosed'
    ) m(pair, debit, credit, sum)
  )
  insert into entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type, ticket_id, payment_id, refund_id,
    shift_id, reference)
  select m.position, 2 * m.pair + side.line, coalesce(side.account, 'clearing:unknown'), side.amount, m.day, m.booked_day, m.park_id,
    m.event_type, m.ticket_id, m.payment_id, m.refund_id, m.shift_id,
    case when side.account like 'clearing:%' then m.d ->> 'providerReference' end
  from moved m cross join lateral (values (-1, m.debit, m.sum), (0, m.credit, -m.sum)) side(line, account, amount)
  where m.sum > 0
  on conflict do nothing;
end $function$;

CREATE OR REPLACE FUNCTION ledger.book_statements(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type)
  select e.position, 2 * m.number + side.line, side.account, side.amount, (m.item ->> 'day')::date, ledger.booked_day(e.hlc),
    m.item ->> 'parkId', e.event_type
  from store.event e
  cross join lateral jsonb_array_elements(e.event_data -> 'movements') with ordinality m(item, number)
  cross join lateral (select 'clearing:' || (e.event_data ->> 'method') as clearing, (m.item ->> 'amountTyiyn')::bigint as sum) a
  cross join lateral (values
    (-1, case m.item ->> 'kind' when 'fee' then 'provider_fees' when 'payout' then 'bank' else a.clearing end, a.sum),
    (0, case m.item ->> 'kind' when 'unexplained' then 'suspense' when 'written_off' then 'written_off' else a.clearing end, -a.sum)
  ) side(line, account, amount)
  where e.position between from_position and to_position and e.event_type = 'StatementBooked'
  on conflict do nothing;
end $function$;

CREATE OR REPLACE FUNCTION ledger.book_visits(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  with ended as (
    select e.position, e.event_type, e.ticket_id, e.park_id, e.day, e.booked_day, case when e.event_type = 'TicketExpired' or not exists (
        select from store.event x where x.aggregate_id = e.ticket_id and x.event_type = 'TicketExpired' and x.position + 0 < e.position)
      then 'deferred_revenue' else 'revenue:no_show' end as held,
      case when e.event_type = 'TicketExpired' then 'revenue:no_show' else 'revenue' end as earned
    from (
      select position, event_type, ledger.booked_day(hlc) as booked_day, (event_data ->> 'ticketId')::uuid as ticket_id,
        coalesce(event_data ->> 'parkId', '') as park_id,
        coalesce((store.from_ms((event_data ->> 'scannedAtMs')::bigint) at time zone 'Asia/Bishkek')::date,
          (event_data ->> 'visitDate')::date) as day
      from store.event
      where position between from_position and to_position and event_type in ('PeopleAdmitted', 'TicketExpired')
    ) e
    left join first_admissions f on f.ticket_id = e.ticket_id
    where case when e.event_type = 'TicketExpired' then coalesce(f.position > e.position, true) else f.position = e.position end
  ), kept as (
    select e.*, (
      select coalesce(-sum(k.amount_tyiyn), 0) from entries k
      where k.ticket_id = e.ticket_id and k.position < e.position and k.account in ('deferred_revenue', 'revenue:no_show')
    ) as sum
    from ended e
  )
  insert into entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type, ticket_id)
  select k.position, side.line, side.account, side.amount, k.day, k.booked_day, k.park_id, k.event_type, k.ticket_id
  from kept k cross join lateral (values (1, k.held, k.sum), (2, k.earned, -k.sum)) side(line, account, amount)
  where k.sum > 0
  on conflict do nothing;
end $function$;

CREATE OR REPLACE FUNCTION ledger.booked_day(hlc bigint)
 RETURNS date
 LANGUAGE sql
 STABLE
AS $function$
  select (store.from_ms(hlc >> 16) at time zone 'Asia/Bishkek')::date
$function$;

CREATE OR REPLACE FUNCTION ledger.difference_id(statement uuid, what text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select overlay(overlay(md5(statement::text || what) placing '8' from 13) placing 'a' from 17)::uuid
$function$;

CREATE OR REPLACE FUNCTION ledger.project_entries(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if 'PeopleAdmitted' = any(types) then
    insert into first_admissions (ticket_id, position)
    select distinct on (1) (event_data ->> 'ticketId')::uuid, position from store.event
    where position between from_position and to_position and event_type = 'PeopleAdmitted'
    order by 1, 2
    on conflict do nothing;
  end if;
  if types && array['PaymentSucceeded', 'PaymentMismatched', 'RefundRequested', 'RefundSucceeded', 'TicketActivated', 'TicketMoved',
      'TicketPaymentRefused', 'ShiftOpened', 'CashTaken', 'CashPaidOut', 'ShiftClosed'] then
    perform ledger.book_money(from_position, to_position);
  end if;
  if types && array['PeopleAdmitted', 'TicketExpired'] then
    perform ledger.book_visits(from_position, to_position);
  end if;
  if 'StatementBooked' = any(types) then
    perform ledger.book_statements(from_position, to_position);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.project_resolutions(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into resolutions (difference_id, resolution, note, resolved_by, resolved_at)
  select e.aggregate_id, d ->> 'resolution', d ->> 'note', e.actor, store.from_ms((d ->> 'resolvedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DifferenceResolved'
  on conflict (difference_id) do nothing;
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the ledger is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $function$;

CREATE SCHEMA loyalty;

CREATE TABLE loyalty.accounts (
  user_id uuid NOT NULL,
  points integer NOT NULL,
  version integer NOT NULL,
  issued integer DEFAULT 0 NOT NULL,
  spent integer DEFAULT 0 NOT NULL,
  lapsed integer DEFAULT 0 NOT NULL,
  debt integer DEFAULT 0 NOT NULL,
  CONSTRAINT accounts_pkey PRIMARY KEY (user_id),
  CONSTRAINT accounts_points_check CHECK ((points >= 0)),
  CONSTRAINT balanced CHECK ((issued = (((points + spent) + lapsed) - debt))),
  CONSTRAINT not_negative CHECK (((spent >= 0) AND (lapsed >= 0) AND (debt >= 0)))
) WITH (fillfactor=80);
COMMENT ON COLUMN loyalty.accounts.points IS 'What can be spent; points past their time are in it until their lapse is written.';
COMMENT ON COLUMN loyalty.accounts.version IS 'Version of the stream of points that this row shows.';
COMMENT ON COLUMN loyalty.accounts.issued IS 'Earned less reversed.';
COMMENT ON COLUMN loyalty.accounts.spent IS 'Reserved for tickets and not returned.';
COMMENT ON COLUMN loyalty.accounts.debt IS 'Reversed points that the balance lacked; later earnings pay it first.';

CREATE TABLE loyalty.figures (
  version integer NOT NULL,
  earning_sum numeric(10,2) NOT NULL,
  point_value numeric(10,2) NOT NULL,
  spendable_percent smallint NOT NULL,
  valid_months smallint NOT NULL,
  returned_days smallint NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT figures_earning_sum_check CHECK ((earning_sum > (0)::numeric)),
  CONSTRAINT figures_pkey PRIMARY KEY (version),
  CONSTRAINT figures_point_value_check CHECK ((point_value > (0)::numeric)),
  CONSTRAINT figures_returned_days_check CHECK ((returned_days >= 0)),
  CONSTRAINT figures_spendable_percent_check CHECK (((spendable_percent >= 0) AND (spendable_percent <= 100))),
  CONSTRAINT figures_valid_months_check CHECK ((valid_months > 0))
);
COMMENT ON TABLE loyalty.figures IS 'The figures in force, one row, once somebody has changed them.';
COMMENT ON COLUMN loyalty.figures.version IS 'Version of the stream of the programme that this row shows.';
COMMENT ON COLUMN loyalty.figures.earning_sum IS 'Money that earns one point.';
COMMENT ON COLUMN loyalty.figures.point_value IS 'What one spent point takes off a price.';
COMMENT ON COLUMN loyalty.figures.valid_months IS 'How long points can be spent and count for the tier.';
COMMENT ON COLUMN loyalty.figures.returned_days IS 'How long points that come back can be spent at least.';

CREATE TABLE loyalty.lots (
  user_id uuid NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  points integer NOT NULL,
  CONSTRAINT lots_pkey PRIMARY KEY (user_id, expires_at),
  CONSTRAINT lots_points_check CHECK ((points >= 0))
);
COMMENT ON TABLE loyalty.lots IS 'What can be spent, by the moment from which on it counts no more.';
CREATE INDEX lots_expires_at_idx ON loyalty.lots USING btree (expires_at);

CREATE TABLE loyalty.movements (
  "position" bigint NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  points integer NOT NULL,
  ticket_id uuid,
  moved_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  debt integer DEFAULT 0 NOT NULL,
  counts_until timestamp with time zone,
  CONSTRAINT movements_pkey PRIMARY KEY ("position")
);
COMMENT ON COLUMN loyalty.movements.debt IS 'By how much the debt grew.';
COMMENT ON COLUMN loyalty.movements.counts_until IS 'Until when it counts for the tier; null for what does not.';
CREATE INDEX movements_ticket_id_idx ON loyalty.movements USING btree (ticket_id) WHERE (kind = 'reserved'::text);
CREATE INDEX movements_user_id_position_idx ON loyalty.movements USING btree (user_id, "position");

CREATE TABLE loyalty.tiers (
  name text NOT NULL,
  minimum_points integer NOT NULL,
  discount_percent smallint NOT NULL,
  CONSTRAINT tiers_discount_percent_check CHECK (((discount_percent >= 0) AND (discount_percent <= 100))),
  CONSTRAINT tiers_minimum_points_check CHECK ((minimum_points >= 0)),
  CONSTRAINT tiers_minimum_points_key UNIQUE (minimum_points),
  CONSTRAINT tiers_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE loyalty.tiers IS 'Tiers in force, once somebody has changed the figures. minimum_points counts what was earned and not reversed.';

CREATE OR REPLACE FUNCTION loyalty.movements_between(from_position bigint, to_position bigint)
 RETURNS TABLE("position" bigint, version integer, user_id uuid, kind text, ticket_id uuid, points integer, lots jsonb, sign integer, moved_at timestamp with time zone, counts_until timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select e.position, e.event_version, (d ->> 'userId')::uuid, k.kind, (d ->> 'ticketId')::uuid, (d ->> 'points')::integer,
    -- Before there were debts, all that was earned could be spent.
    coalesce(d -> 'lots', jsonb_build_array(jsonb_build_object('points', d -> 'points', 'expiresAtMs', d -> 'expiresAtMs'))),
    k.sign, store.from_ms((d ->> (k.kind || 'AtMs'))::bigint),
    store.from_ms((d ->> case k.kind when 'earned' then 'expiresAtMs' when 'reversed' then 'countsUntilMs' end)::bigint)
  from store.event e
  cross join lateral (select e.event_data) as data(d)
  join (values ('PointsEarned', 'earned', 1), ('PointsReserved', 'reserved', -1), ('PointsReturned', 'returned', 1),
    ('PointsReversed', 'reversed', -1), ('PointsLapsed', 'lapsed', -1)) as k(event_type, kind, sign)
    on k.event_type = e.event_type
  where e.position between from_position and to_position
    and e.event_type in ('PointsEarned', 'PointsReserved', 'PointsReturned', 'PointsReversed', 'PointsLapsed')
$function$;

CREATE OR REPLACE FUNCTION loyalty.project_accounts(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into movements (position, user_id, kind, points, debt, ticket_id, moved_at, expires_at, counts_until)
  select m.position, m.user_id, m.kind, m.sign * m.points, lots.points - m.sign * m.points, m.ticket_id, m.moved_at,
    case when m.sign > 0 then lots.expires_at end, m.counts_until
  from loyalty.movements_between(from_position, to_position) m
  cross join lateral (
    select coalesce(sum(m.sign * (lot ->> 'points')::integer), 0) as points,
      store.from_ms(min((lot ->> 'expiresAtMs')::bigint)) as expires_at
    from jsonb_array_elements(m.lots) lot
  ) lots
  on conflict (position) do nothing;

  insert into accounts (user_id, points, version)
  select distinct m.user_id, 0, 0 from loyalty.movements_between(from_position, to_position) m
  on conflict (user_id) do nothing;

  -- What an account holds already is not counted again: its version says up to where.
  insert into lots (user_id, expires_at, points)
  select distinct m.user_id, store.from_ms((lot ->> 'expiresAtMs')::bigint), 0
  from loyalty.movements_between(from_position, to_position) m
  join accounts a on a.user_id = m.user_id and a.version < m.version
  cross join lateral jsonb_array_elements(m.lots) lot
  on conflict (user_id, expires_at) do nothing;

  update lots l set points = l.points + change.points
  from (
    select m.user_id, store.from_ms((lot ->> 'expiresAtMs')::bigint) as expires_at, sum(m.sign * (lot ->> 'points')::integer) as points
    from loyalty.movements_between(from_position, to_position) m
    join accounts a on a.user_id = m.user_id and a.version < m.version
    cross join lateral jsonb_array_elements(m.lots) lot
    group by 1, 2
  ) change
  where l.user_id = change.user_id and l.expires_at = change.expires_at;

  delete from lots l using (
    select distinct m.user_id from loyalty.movements_between(from_position, to_position) m
  ) moved
  where l.user_id = moved.user_id and l.points = 0;

  update accounts a set points = a.points + change.points, issued = a.issued + change.issued, spent = a.spent + change.spent,
    lapsed = a.lapsed + change.lapsed, debt = a.debt + change.debt, version = change.version
  from (
    select m.user_id, max(m.version) as version,
      sum(m.points + m.debt) as points,
      coalesce(sum(m.points) filter (where m.kind in ('earned', 'reversed')), 0) as issued,
      -coalesce(sum(m.points) filter (where m.kind in ('reserved', 'returned')), 0) as spent,
      -coalesce(sum(m.points) filter (where m.kind = 'lapsed'), 0) as lapsed,
      sum(m.debt) as debt
    from (
      select b.user_id, b.version, b.kind, moved.points, moved.debt
      from loyalty.movements_between(from_position, to_position) b
      join movements moved on moved.position = b.position
    ) m
    join accounts known on known.user_id = m.user_id and known.version < m.version
    group by 1
  ) change
  where a.user_id = change.user_id;
end $function$;

CREATE OR REPLACE FUNCTION loyalty.project_figures(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE SCHEMA nodes;

CREATE TABLE nodes.admission_keys (
  key_id text NOT NULL,
  node_id character varying(50) NOT NULL,
  x text NOT NULL,
  park_id character varying(50),
  published_at timestamp with time zone NOT NULL,
  CONSTRAINT admission_keys_pkey PRIMARY KEY (node_id, key_id)
);
COMMENT ON COLUMN nodes.admission_keys.park_id IS 'The only park for which its codes are good; null: for all.';

CREATE TABLE nodes.contact (
  node_id character varying(50) NOT NULL,
  at timestamp with time zone NOT NULL,
  verdict text NOT NULL,
  trouble text,
  app_version text NOT NULL,
  protocol integer NOT NULL,
  incarnation uuid NOT NULL,
  head_seq bigint NOT NULL,
  accepted_seq bigint NOT NULL,
  feed_lag bigint NOT NULL,
  clock_offset_ms bigint NOT NULL,
  parked jsonb DEFAULT '[]'::jsonb NOT NULL,
  knows_same_types boolean DEFAULT true NOT NULL,
  CONSTRAINT contact_pkey PRIMARY KEY (node_id)
);
COMMENT ON COLUMN nodes.contact.knows_same_types IS 'Whether its program knows the same types of events as that of headquarters.';

CREATE TABLE nodes.enrolment (
  only_one boolean DEFAULT true NOT NULL,
  hq_node_id character varying(50) NOT NULL,
  hq_key_id text NOT NULL,
  hq_public_key text NOT NULL,
  certificate text NOT NULL,
  CONSTRAINT enrolment_only_one_check CHECK (only_one),
  CONSTRAINT enrolment_pkey PRIMARY KEY (only_one)
);
COMMENT ON COLUMN nodes.enrolment.hq_public_key IS 'Whoever signs with another key is not the headquarters that this node enrolled at.';

CREATE TABLE nodes.incarnations (
  incarnation uuid NOT NULL,
  node_id character varying(50) NOT NULL,
  known_at timestamp with time zone NOT NULL,
  closed_seq bigint,
  closed_link text,
  closed_why text,
  successor uuid,
  CONSTRAINT incarnations_pkey PRIMARY KEY (incarnation)
);
CREATE INDEX incarnations_node_id_idx ON nodes.incarnations USING btree (node_id);

CREATE TABLE nodes.node_keys (
  node_id character varying(50) NOT NULL,
  key_id text NOT NULL,
  public_key text NOT NULL,
  since timestamp with time zone NOT NULL,
  until_incarnation uuid,
  until_seq bigint,
  CONSTRAINT node_keys_pkey PRIMARY KEY (node_id, key_id)
);
COMMENT ON COLUMN nodes.node_keys.until_seq IS 'Of an old key: good for what it had sealed up to there. Null: the key in force.';

CREATE TABLE nodes.nodes (
  id character varying(50) NOT NULL,
  park_id character varying(50) NOT NULL,
  status text NOT NULL,
  code_hash text NOT NULL,
  code_expires_at timestamp with time zone NOT NULL,
  home_from date,
  invited_at timestamp with time zone NOT NULL,
  enrolled_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT nodes_code_hash_key UNIQUE (code_hash),
  CONSTRAINT nodes_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN nodes.nodes.home_from IS 'From which day on its park was to be its own home; null: the day after the enrolment.';

CREATE TABLE nodes.park_homes (
  park_id character varying(50) NOT NULL,
  from_date date NOT NULL,
  node_id character varying(50) NOT NULL,
  CONSTRAINT park_homes_pkey PRIMARY KEY (park_id, from_date)
);
COMMENT ON TABLE nodes.park_homes IS 'Which node writes admissions to a park from a day on; before the first of them headquarters does.';

CREATE TABLE nodes.voice (
  node_id character varying(50) NOT NULL,
  life uuid NOT NULL,
  process uuid NOT NULL,
  incarnation uuid NOT NULL,
  first_at timestamp with time zone NOT NULL,
  at timestamp with time zone NOT NULL,
  verdict text NOT NULL,
  trouble text,
  is_copy boolean DEFAULT false NOT NULL,
  CONSTRAINT voice_pkey PRIMARY KEY (node_id, life, process, incarnation)
);
COMMENT ON COLUMN nodes.voice.life IS 'The life that goes on as far as headquarters knows: the incarnation, or the one that this one says it stands in place of.';
COMMENT ON COLUMN nodes.voice.process IS 'What one start of the node''s program calls itself; all zeros: an older program, which does not say.';
COMMENT ON COLUMN nodes.voice.is_copy IS 'Another process of the node ran before this one and was heard after it.';

CREATE OR REPLACE FUNCTION nodes.project_homes(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  e record;
  d jsonb;
begin
  for e in
    select event_type, event_data, occurred_at from store.event
    where position between from_position and to_position and event_type in ('ParkHomeAssigned', 'AdmissionKeyPublished')
    order by position
  loop
    d := e.event_data;
    if e.event_type = 'ParkHomeAssigned' then
      -- A word about a day and all after it stands in place of the older ones.
      delete from park_homes where park_id = d ->> 'parkId' and from_date >= (d ->> 'fromDate')::date;
      insert into park_homes (park_id, from_date, node_id) values (d ->> 'parkId', (d ->> 'fromDate')::date, d ->> 'nodeId');
    else
      insert into admission_keys (key_id, node_id, x, park_id, published_at)
      values (d ->> 'keyId', d ->> 'nodeId', d ->> 'x', d ->> 'parkId', e.occurred_at)
      on conflict (node_id, key_id) do nothing;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION nodes.project_nodes(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  e record;
  d jsonb;
begin
  for e in
    select event_type, event_data, occurred_at from store.event
    where position between from_position and to_position
      and event_type in ('NodeInvited', 'NodeEnrolled', 'NodeRevoked', 'NodeKeyCertified', 'NodeKeyRotated', 'IncarnationClosed')
    order by position
  loop
    d := e.event_data;
    case e.event_type
      when 'NodeInvited' then
        insert into nodes (id, park_id, status, code_hash, code_expires_at, home_from, invited_at)
        values (d ->> 'nodeId', d ->> 'parkId', 'invited', d ->> 'codeHash', store.from_ms((d ->> 'expiresAtMs')::bigint),
          (d ->> 'homeFrom')::date, e.occurred_at)
        on conflict (id) do update set code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at,
          home_from = excluded.home_from, invited_at = excluded.invited_at;
      when 'NodeEnrolled' then
        update nodes set status = 'enrolled', enrolled_at = store.from_ms((d ->> 'enrolledAtMs')::bigint)
        where id = d ->> 'nodeId' and status <> 'revoked';
        -- What a node sealed before it had to be enrolled again is closed, so nobody asks for its old keys.
        delete from node_keys where node_id = d ->> 'nodeId';
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at);
        insert into incarnations (incarnation, node_id, known_at)
        values ((d ->> 'incarnation')::uuid, d ->> 'nodeId', e.occurred_at)
        on conflict (incarnation) do nothing;
      when 'NodeRevoked' then
        update nodes set status = 'revoked', revoked_at = store.from_ms((d ->> 'revokedAtMs')::bigint) where id = d ->> 'nodeId';
      when 'NodeKeyCertified' then
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at)
        on conflict (node_id, key_id) do nothing;
      when 'NodeKeyRotated' then
        update node_keys set until_incarnation = (d -> 'oldUntil' ->> 'incarnation')::uuid,
          until_seq = (d -> 'oldUntil' ->> 'seq')::bigint
        where node_id = d ->> 'nodeId' and key_id = d ->> 'oldKeyId' and until_seq is null;
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at)
        on conflict (node_id, key_id) do nothing;
      else
        insert into incarnations as i (incarnation, node_id, known_at, closed_seq, closed_link, closed_why, successor)
        values ((d ->> 'incarnation')::uuid, d ->> 'nodeId', e.occurred_at, (d ->> 'seq')::bigint, d ->> 'link', d ->> 'why',
          (d ->> 'successor')::uuid)
        on conflict (incarnation) do update set closed_seq = excluded.closed_seq, closed_link = excluded.closed_link,
          closed_why = excluded.closed_why, successor = excluded.successor
        where i.closed_seq is null;
        insert into incarnations (incarnation, node_id, known_at)
        select (d ->> 'successor')::uuid, d ->> 'nodeId', e.occurred_at where d ->> 'successor' is not null
        on conflict (incarnation) do nothing;
    end case;
  end loop;
end $function$;

CREATE SCHEMA notify;

CREATE TABLE notify.message (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  channel text NOT NULL,
  letter text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  attempts smallint DEFAULT 0 NOT NULL,
  next_try_at timestamp with time zone,
  sent_at timestamp with time zone,
  error text,
  CONSTRAINT message_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN notify.message.next_try_at IS 'Null once it was sent, dropped or given up.';
CREATE INDEX message_channel_next_try_at_idx ON notify.message USING btree (channel, next_try_at) WHERE (next_try_at IS NOT NULL);
CREATE INDEX message_created_at_idx ON notify.message USING btree (created_at);
CREATE INDEX message_user_id_id_idx ON notify.message USING btree (user_id, id);

CREATE SCHEMA office;

CREATE TABLE office.audit (
  "position" bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  action character varying(50) NOT NULL,
  aggregate_type character varying(50) NOT NULL,
  aggregate_id uuid NOT NULL,
  park_id character varying(50),
  correlation_id text NOT NULL,
  details jsonb NOT NULL,
  CONSTRAINT audit_pkey PRIMARY KEY ("position")
);
CREATE INDEX audit_action_position_idx ON office.audit USING btree (action, "position");
CREATE INDEX audit_actor_position_idx ON office.audit USING btree (actor, "position");
CREATE INDEX audit_aggregate_id_position_idx ON office.audit USING btree (aggregate_id, "position");
CREATE INDEX audit_at_idx ON office.audit USING btree (at);
CREATE INDEX audit_park_id_position_idx ON office.audit USING btree (park_id, "position");

CREATE TABLE office.report_facts (
  "position" bigint NOT NULL,
  kind character varying(20) NOT NULL,
  day date NOT NULL,
  at timestamp with time zone NOT NULL,
  park_id character varying(50),
  people integer DEFAULT 0 NOT NULL,
  points integer DEFAULT 0 NOT NULL,
  amount numeric(14,2) DEFAULT 0 NOT NULL,
  method character varying(20),
  CONSTRAINT report_facts_pkey PRIMARY KEY ("position")
);
COMMENT ON COLUMN office.report_facts.day IS 'In the parks'' time. Of admissions the day of the visit, of all else the day it happened.';
CREATE INDEX report_facts_day_kind_idx ON office.report_facts USING btree (day, kind);
CREATE INDEX report_facts_park_id_day_kind_idx ON office.report_facts USING btree (park_id, day, kind);

CREATE TABLE office.report_payments (
  payment_id uuid NOT NULL,
  method character varying(20) NOT NULL,
  CONSTRAINT report_payments_pkey PRIMARY KEY (payment_id)
);

CREATE TABLE office.report_tickets (
  ticket_id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  CONSTRAINT report_tickets_pkey PRIMARY KEY (ticket_id)
);

CREATE TABLE office.webhook_delivery (
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  message_id uuid NOT NULL,
  topic text NOT NULL,
  body text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  attempts smallint DEFAULT 0 NOT NULL,
  next_try_at timestamp with time zone,
  last_try_at timestamp with time zone,
  last_status smallint,
  last_error text,
  delivered_at timestamp with time zone,
  CONSTRAINT webhook_delivery_endpoint_id_message_id_key UNIQUE (endpoint_id, message_id),
  CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN office.webhook_delivery.next_try_at IS 'Null once it was delivered or given up.';
CREATE INDEX webhook_delivery_created_at_idx ON office.webhook_delivery USING btree (created_at);
CREATE INDEX webhook_delivery_endpoint_id_id_idx ON office.webhook_delivery USING btree (endpoint_id, id);
CREATE INDEX webhook_delivery_endpoint_id_next_try_at_idx ON office.webhook_delivery USING btree (endpoint_id, next_try_at) WHERE (next_try_at IS NOT NULL);

CREATE TABLE office.webhook_endpoints (
  id uuid NOT NULL,
  url text NOT NULL,
  description text NOT NULL,
  topics text[] NOT NULL,
  park_id character varying(50),
  enabled boolean NOT NULL,
  stopped_why text,
  secret text NOT NULL,
  old_secret text,
  old_secret_until timestamp with time zone,
  added_at timestamp with time zone NOT NULL,
  version integer NOT NULL,
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION office.project_audit(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into audit (position, at, actor, action, aggregate_type, aggregate_id, park_id, correlation_id, details)
  select e.position, e.occurred_at, e.actor, e.event_type, e.aggregate_type, e.aggregate_id,
    coalesce(e.park_id, e.event_data ->> 'parkId'), e.correlation_id, e.event_data
  from store.event e
  where e.position between from_position and to_position
    and e.event_type = any((select event_types from store.projection where name = 'office.audit')::text[])
    and (e.actor like 'user:%' or e.actor like 'device:%'
      or (e.actor = 'system' and e.correlation_id like 'cli-%' and e.causation_id is null))
    and (e.event_data ->> 'why') is distinct from 'guest'
    and not (e.event_type in ('SessionsEnded', 'UserErased') and e.actor = 'user:' || (e.event_data ->> 'userId'))
  on conflict (position) do nothing;
end $function$;

CREATE OR REPLACE FUNCTION office.project_reports(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['TicketHeld'] then
    insert into report_tickets (ticket_id, park_id)
    select aggregate_id, event_data ->> 'parkId' from store.event
    where position between from_position and to_position and event_type = 'TicketHeld'
    on conflict do nothing;
  end if;
  if types && array['PaymentIntended'] then
    insert into report_payments (payment_id, method)
    select aggregate_id, event_data ->> 'method' from store.event
    where position between from_position and to_position and event_type = 'PaymentIntended'
    on conflict do nothing;
  end if;

  insert into report_facts (position, kind, day, at, park_id, people, points, amount, method)
  select e.position, e.kind,
    coalesce(e.visit_day, (e.at at time zone 'Asia/Bishkek')::date), e.at,
    coalesce(e.park, (select t.park_id from report_tickets t where t.ticket_id = e.ticket_id)), e.people, e.points, e.amount / 100,
    case when e.kind in ('paid', 'refunded', 'misfit') then
      (select p.method from report_payments p where p.payment_id = e.payment_id) end
  from (
    select position, d ->> 'parkId' as park, (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'paymentId')::uuid as payment_id,
      case event_type
        when 'TicketHeld' then 'booked'
        when 'TicketHoldExpired' then 'hold_expired'
        when 'TicketActivated' then 'sold'
        when 'TicketCancelled' then case when d ->> 'freedFrom' = 'held' then 'withdrawn' else 'cancelled' end
        when 'TicketExpired' then 'no_show'
        when 'PeopleAdmitted' then 'admitted'
        when 'PeopleExited' then 'exited'
        when 'PeopleAdmittedInExcess' then case when d ->> 'people' = d ->> 'cameIn' then 'excess' else 'excess_too' end
        when 'EntryLimitOverridden' then 'over_limit'
        when 'EntryLimitExceeded' then 'over_limit'
        when 'PaymentSucceeded' then 'paid'
        when 'RefundSucceeded' then 'refunded'
        when 'PaymentMismatched' then 'misfit'
        when 'PointsEarned' then 'points_earned'
        when 'PointsReserved' then 'points_reserved'
        when 'PointsReturned' then 'points_returned'
        when 'PointsReversed' then 'points_reversed'
        when 'PointsLapsed' then 'points_lapsed'
      end as kind,
      store.from_ms(coalesce(d ->> 'scannedAtMs', d ->> 'createdAtMs', d ->> 'atMs', d ->> 'activatedAtMs', d ->> 'cancelledAtMs',
        d ->> 'expiredAtMs', d ->> 'succeededAtMs', d ->> 'noticedAtMs', d ->> 'earnedAtMs', d ->> 'reservedAtMs',
        d ->> 'returnedAtMs', d ->> 'reversedAtMs', d ->> 'lapsedAtMs', store.to_ms(occurred_at)::text)::bigint) as at,
      case when event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'EntryLimitOverridden', 'EntryLimitExceeded',
        'TicketExpired') then (d ->> 'visitDate')::date end as visit_day,
      -- Of what was told about people's places, only how many passed is a number.
      coalesce((d ->> 'people')::integer,
        case when event_type not in ('PeopleAdmitted', 'PeopleExited') then (d ->> 'places')::integer end, 0) as people,
      coalesce((d ->> 'points')::integer, 0) as points,
      coalesce(case event_type when 'TicketHeld' then d ->> 'priceTyiyn' when 'TicketActivated' then d ->> 'paidTyiyn'
        when 'TicketCancelled' then d ->> 'paidTyiyn' else d ->> 'amountTyiyn' end, '0')::numeric as amount
    from (
      select position, event_type, occurred_at, event_data as d
      from store.event
      where position between from_position and to_position and event_type in ('TicketHeld', 'TicketHoldExpired', 'TicketActivated',
        'TicketCancelled', 'TicketExpired', 'PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'EntryLimitOverridden',
        'EntryLimitExceeded', 'PaymentSucceeded', 'RefundSucceeded',
        'PaymentMismatched', 'PointsEarned', 'PointsReserved', 'PointsReturned', 'PointsReversed', 'PointsLapsed')
        and (event_type <> 'PaymentMismatched' or (event_data ->> 'why' <> 'told_differently' and event_data ->> 'currency' = 'KGS'))
    ) known
  ) e
  on conflict (position) do nothing;
end $function$;

CREATE OR REPLACE FUNCTION office.project_webhooks(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  e record;
  d jsonb;
begin
  for e in
    select aggregate_id, event_type, event_data, event_version from store.event
    where position between from_position and to_position and event_type in (
      'WebhookEndpointAdded', 'WebhookEndpointChanged', 'WebhookSecretReplaced', 'WebhookEndpointGone', 'WebhookEndpointRemoved')
    order by position
  loop
    d := e.event_data;
    case e.event_type
      when 'WebhookEndpointAdded' then
        insert into webhook_endpoints (id, url, description, topics, park_id, enabled, secret, added_at, version)
        values (e.aggregate_id, d ->> 'url', d ->> 'description', array(select jsonb_array_elements_text(d -> 'topics')),
          d ->> 'parkId', true, d ->> 'secret', store.from_ms((d ->> 'addedAtMs')::bigint), e.event_version)
        on conflict (id) do nothing;
      when 'WebhookEndpointChanged' then
        update webhook_endpoints set url = d ->> 'url', description = d ->> 'description',
          topics = array(select jsonb_array_elements_text(d -> 'topics')), park_id = d ->> 'parkId',
          enabled = (d ->> 'enabled')::boolean, stopped_why = null, version = e.event_version
        where id = e.aggregate_id and version < e.event_version;
      when 'WebhookSecretReplaced' then
        update webhook_endpoints set old_secret = secret, old_secret_until = store.from_ms((d ->> 'oldUntilMs')::bigint),
          secret = d ->> 'secret', version = e.event_version
        where id = e.aggregate_id and version < e.event_version;
      when 'WebhookEndpointGone' then
        update webhook_endpoints set enabled = false, stopped_why = d ->> 'why', version = e.event_version
        where id = e.aggregate_id and version < e.event_version;
      else
        delete from webhook_endpoints where id = e.aggregate_id;
    end case;
  end loop;
end $function$;

CREATE SCHEMA park;

CREATE TABLE park.calendar (
  park_id character varying(50) NOT NULL,
  date date NOT NULL,
  rule jsonb,
  version integer NOT NULL,
  CONSTRAINT calendar_pkey PRIMARY KEY (park_id, date)
);

CREATE TABLE park.holidays (
  date date NOT NULL,
  names jsonb NOT NULL,
  certainty character varying(20) NOT NULL,
  source text NOT NULL,
  version integer NOT NULL,
  CONSTRAINT holidays_pkey PRIMARY KEY (date)
);

CREATE TABLE park.parks (
  id character varying(50) NOT NULL,
  names jsonb NOT NULL,
  addresses jsonb NOT NULL,
  capacity integer NOT NULL,
  price_under_3 numeric(10,2) NOT NULL,
  price_over_3 numeric(10,2) NOT NULL,
  price_adult numeric(10,2) NOT NULL,
  group_percent smallint NOT NULL,
  open_time time without time zone NOT NULL,
  close_time time without time zone NOT NULL,
  time_zone text NOT NULL,
  lat numeric(10,8) NOT NULL,
  lng numeric(11,8) NOT NULL,
  amenities jsonb NOT NULL,
  images jsonb NOT NULL,
  version integer NOT NULL,
  weekday_rules jsonb DEFAULT '[]'::jsonb NOT NULL,
  holiday_rule jsonb,
  re_entry character varying(20) DEFAULT 'none'::character varying NOT NULL,
  walk_up_share_percent smallint DEFAULT 20 NOT NULL,
  CONSTRAINT parks_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION park.project_calendar(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into calendar (park_id, date, rule, version)
  select distinct on (aggregate_id) event_data ->> 'parkId', (event_data ->> 'date')::date, event_data -> 'rule', event_version
  from store.event
  where position between from_position and to_position and event_type in ('CalendarDaySet', 'CalendarDayCleared')
  order by aggregate_id, position desc
  on conflict (park_id, date) do update set rule = excluded.rule, version = excluded.version
  where calendar.version < excluded.version;
end $function$;

CREATE OR REPLACE FUNCTION park.project_holidays(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION park.project_parks(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE SCHEMA payment;

CREATE TABLE payment.payments (
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  user_id uuid,
  amount numeric(10,2) NOT NULL,
  method character varying(20) NOT NULL,
  status character varying(20) NOT NULL,
  provider_key uuid NOT NULL,
  external_id text,
  action jsonb,
  refunded numeric(14,2) DEFAULT 0 NOT NULL,
  failure text,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  misfit numeric(14,2) DEFAULT 0 NOT NULL,
  park_id character varying(50),
  CONSTRAINT payments_pkey PRIMARY KEY (id),
  CONSTRAINT payments_provider_key_key UNIQUE (provider_key)
);
CREATE INDEX payments_case_created_at_id_idx ON payment.payments USING btree ((
CASE
    WHEN (((status)::text <> 'succeeded'::text) OR (refunded <= misfit)) THEN status
    WHEN (refunded < (misfit + amount)) THEN 'partially_refunded'::character varying
    ELSE 'refunded'::character varying
END), created_at, id);
CREATE INDEX payments_created_at_id_idx ON payment.payments USING btree (created_at, id) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'unknown'::character varying])::text[]));
CREATE INDEX payments_created_at_id_idx1 ON payment.payments USING btree (created_at, id);
CREATE INDEX payments_expires_at_id_idx ON payment.payments USING btree (expires_at, id) WHERE (((status)::text = 'failed'::text) AND (misfit = (0)::numeric));
CREATE INDEX payments_method_created_at_id_idx ON payment.payments USING btree (method, created_at, id);
CREATE INDEX payments_park_id_created_at_id_idx ON payment.payments USING btree (park_id, created_at, id);
CREATE INDEX payments_ticket_id_idx ON payment.payments USING btree (ticket_id);

CREATE TABLE payment.refunds (
  id uuid NOT NULL,
  payment_id uuid NOT NULL,
  amount numeric(14,2) NOT NULL,
  reason text NOT NULL,
  status character varying(20) NOT NULL,
  requested_at timestamp with time zone NOT NULL,
  park_id character varying(50),
  submitted_at timestamp with time zone,
  failure text,
  reference text,
  note text,
  CONSTRAINT refunds_pkey PRIMARY KEY (id)
);
CREATE INDEX refunds_park_id_requested_at_id_idx ON payment.refunds USING btree (park_id, requested_at, id);
CREATE INDEX refunds_park_id_status_requested_at_id_idx ON payment.refunds USING btree (park_id, status, requested_at, id);
CREATE INDEX refunds_payment_id_idx ON payment.refunds USING btree (payment_id);
CREATE INDEX refunds_requested_at_id_idx ON payment.refunds USING btree (requested_at, id) WHERE ((status)::text = ANY ((ARRAY['requested'::character varying, 'submitted'::character varying, 'unknown'::character varying])::text[]));
CREATE INDEX refunds_requested_at_id_idx1 ON payment.refunds USING btree (requested_at, id);
CREATE INDEX refunds_status_requested_at_id_idx ON payment.refunds USING btree (status, requested_at, id);

CREATE TABLE payment.shifts (
  id uuid NOT NULL,
  park_id character varying(50) NOT NULL,
  cashier_id uuid NOT NULL,
  "float" numeric(14,2) NOT NULL,
  taken numeric(14,2) DEFAULT 0 NOT NULL,
  paid_out numeric(14,2) DEFAULT 0 NOT NULL,
  counted numeric(14,2),
  opened_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  CONSTRAINT shifts_pkey PRIMARY KEY (id)
);
CREATE INDEX shifts_park_id_cashier_id_opened_at_id_idx ON payment.shifts USING btree (park_id, cashier_id, opened_at, id);
CREATE INDEX shifts_park_id_opened_at_id_idx ON payment.shifts USING btree (park_id, opened_at, id);

CREATE TABLE payment.webhook_inbox (
  provider text NOT NULL,
  event_id text NOT NULL,
  received_at timestamp with time zone NOT NULL,
  raw_body bytea NOT NULL,
  notice jsonb NOT NULL,
  applied_at timestamp with time zone,
  note text,
  body_sha256 bytea GENERATED ALWAYS AS (sha256(raw_body)) STORED NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_try_at timestamp with time zone DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
  CONSTRAINT webhook_inbox_pkey PRIMARY KEY (provider, event_id, body_sha256)
);
CREATE INDEX webhook_inbox_applied_at_idx ON payment.webhook_inbox USING btree (applied_at) WHERE (applied_at IS NOT NULL);
CREATE INDEX webhook_inbox_next_try_at_received_at_idx ON payment.webhook_inbox USING btree (next_try_at, received_at) WHERE (applied_at IS NULL);

CREATE OR REPLACE FUNCTION payment.project_payments(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['PaymentIntended'] then
    insert into payments (id, ticket_id, user_id, park_id, amount, method, status, provider_key, created_at, expires_at)
    select e.aggregate_id, (d ->> 'ticketId')::uuid, (d ->> 'userId')::uuid, d ->> 'parkId', (d ->> 'amountTyiyn')::numeric / 100, d ->> 'method',
      'pending', (d ->> 'providerKey')::uuid, store.from_ms((d ->> 'intendedAtMs')::bigint), store.from_ms((d ->> 'expiresAtMs')::bigint)
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'PaymentIntended'
    on conflict (id) do nothing;
  end if;

  if types && array['PaymentActionIssued'] then
    update payments p set external_id = e.event_data ->> 'externalId', action = e.event_data -> 'action'
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'PaymentActionIssued' and p.id = e.aggregate_id;
  end if;

  -- Nothing takes a success back; of other events the last one counts.
  if types && array['PaymentActionIssued', 'PaymentOutcomeUnknown', 'PaymentSucceeded', 'PaymentMismatched', 'PaymentFailed', 'PaymentExpired'] then
    update payments p set failure = coalesce(e.event_data ->> 'reason', e.event_data ->> 'why'), status = case e.event_type
        when 'PaymentSucceeded' then 'succeeded'
        when 'PaymentOutcomeUnknown' then 'unknown'
        when 'PaymentActionIssued' then 'pending'
        else 'failed' end
    from (
      select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
      where position between from_position and to_position and event_type in
        ('PaymentActionIssued', 'PaymentOutcomeUnknown', 'PaymentSucceeded', 'PaymentMismatched', 'PaymentFailed', 'PaymentExpired')
      order by aggregate_id, event_type = 'PaymentSucceeded' desc, position desc
    ) e
    where p.id = e.aggregate_id and p.status <> 'succeeded';
  end if;

  if types && array['PaymentMismatched'] then
    update payments p set misfit = (
      select coalesce(sum((m.event_data ->> 'amountTyiyn')::numeric), 0) / 100 from store.event m
      where m.aggregate_id = p.id and m.position <= to_position and m.event_type = 'PaymentMismatched'
        and m.event_data ->> 'why' <> 'told_differently'
    )
    where p.id in (
      select aggregate_id from store.event where position between from_position and to_position and event_type = 'PaymentMismatched'
    );
  end if;

  if types && array['RefundRequested'] then
    insert into refunds (id, payment_id, park_id, amount, reason, note, status, requested_at)
    select (d ->> 'refundId')::uuid, e.aggregate_id, p.park_id, (d ->> 'amountTyiyn')::numeric / 100, d ->> 'reason', d ->> 'note', 'requested',
      store.from_ms((d ->> 'requestedAtMs')::bigint)
    from store.event e cross join lateral (select e.event_data) as data(d) join payments p on p.id = e.aggregate_id
    where e.position between from_position and to_position and e.event_type = 'RefundRequested'
    on conflict (id) do nothing;
  end if;

  if types && array['RefundSubmitted', 'RefundOutcomeUnknown', 'RefundSucceeded', 'RefundFailed'] then
    update refunds r set submitted_at = store.from_ms((e.event_data ->> 'submittedAtMs')::bigint)
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'RefundSubmitted'
      and r.id = (e.event_data ->> 'refundId')::uuid and r.payment_id = e.aggregate_id;

    -- Nothing takes a payout back; of other events the last one counts.
    update refunds r set
      failure = e.event_data ->> 'reason',
      reference = e.event_data ->> 'providerReference',
      status = case e.event_type
        when 'RefundSucceeded' then 'succeeded'
        when 'RefundFailed' then 'manual'
        when 'RefundOutcomeUnknown' then 'unknown'
        else 'submitted' end
    from (
      select distinct on (aggregate_id, refund_id) aggregate_id, (event_data ->> 'refundId')::uuid as refund_id, event_type, event_data
      from store.event
      where position between from_position and to_position
        and event_type in ('RefundSubmitted', 'RefundOutcomeUnknown', 'RefundSucceeded', 'RefundFailed')
      order by aggregate_id, refund_id, event_type = 'RefundSucceeded' desc, position desc
    ) e
    where r.id = e.refund_id and r.payment_id = e.aggregate_id and r.status <> 'succeeded';

    update payments p set refunded = (
      select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id and r.status = 'succeeded'
    )
    where p.id in (
      select aggregate_id from store.event where position between from_position and to_position and event_type = 'RefundSucceeded'
    );
  end if;
end $function$;

CREATE OR REPLACE FUNCTION payment.project_shifts(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['ShiftOpened'] then
    insert into shifts (id, park_id, cashier_id, float, opened_at)
    select e.aggregate_id, d ->> 'parkId', (d ->> 'cashierId')::uuid, (d ->> 'floatTyiyn')::numeric / 100,
      store.from_ms((d ->> 'openedAtMs')::bigint)
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'ShiftOpened'
    on conflict (id) do nothing;
  end if;

  if types && array['CashTaken', 'CashPaidOut'] then
    update shifts s set taken = m.taken, paid_out = m.paid_out
    from (
      select aggregate_id, coalesce(sum((event_data ->> 'amountTyiyn')::numeric) filter (where event_type = 'CashTaken'), 0) / 100 as taken,
        coalesce(sum((event_data ->> 'amountTyiyn')::numeric) filter (where event_type = 'CashPaidOut'), 0) / 100 as paid_out
      from store.event
      where position <= to_position and event_type in ('CashTaken', 'CashPaidOut') and aggregate_id in (
        select aggregate_id from store.event
        where position between from_position and to_position and event_type in ('CashTaken', 'CashPaidOut')
      )
      group by aggregate_id
    ) m
    where s.id = m.aggregate_id;
  end if;

  if types && array['ShiftClosed'] then
    update shifts s set counted = (e.event_data ->> 'countedTyiyn')::numeric / 100,
      closed_at = store.from_ms((e.event_data ->> 'closedAtMs')::bigint)
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'ShiftClosed' and s.id = e.aggregate_id;
  end if;
end $function$;

CREATE TABLE public.schema_migration (
  source text NOT NULL,
  number integer NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  breaking boolean NOT NULL,
  applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  duration_ms bigint NOT NULL,
  CONSTRAINT schema_migration_number_check CHECK ((number > 0)),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (source, number)
);
COMMENT ON TABLE public.schema_migration IS 'Which migrations this database has seen, and the SHA-256 of each file.';

CREATE SCHEMA store;

CREATE TABLE store.author (
  incarnation uuid NOT NULL,
  node_id text NOT NULL,
  seq bigint DEFAULT 0 NOT NULL,
  link bytea NOT NULL,
  whole_to bigint DEFAULT 0 NOT NULL,
  written_to bigint DEFAULT 0 NOT NULL,
  acknowledged bigint DEFAULT 0 NOT NULL,
  closed_seq bigint,
  closed_link bytea,
  reason text,
  opened_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT author_node_id_check CHECK ((node_id <> ''::text)),
  CONSTRAINT author_pkey PRIMARY KEY (incarnation)
);
COMMENT ON COLUMN store.author.seq IS 'The newest that is held; events before it may be missing.';
COMMENT ON COLUMN store.author.whole_to IS 'Everything up to here is held, as one chain.';
COMMENT ON COLUMN store.author.written_to IS 'Of a former life of this node: how far it was written here. What comes after was received.';
COMMENT ON COLUMN store.author.acknowledged IS 'How far another node has what this one wrote.';
COMMENT ON COLUMN store.author.closed_seq IS 'Nothing after it is taken any more.';
COMMENT ON COLUMN store.author.reason IS 'Why this node began the incarnation.';

CREATE TABLE store.backup (
  kind character varying(20) NOT NULL,
  made_at timestamp with time zone NOT NULL,
  CONSTRAINT backup_kind_check CHECK (((kind)::text = ANY ((ARRAY['base'::character varying, 'erasures'::character varying])::text[]))),
  CONSTRAINT backup_pkey PRIMARY KEY (kind)
);
COMMENT ON COLUMN store.backup.kind IS 'A checked base backup with its subject keys, or the list of erased subjects.';

CREATE TABLE store.claim (
  scope text NOT NULL,
  key text NOT NULL,
  owner uuid NOT NULL,
  CONSTRAINT claim_pkey PRIMARY KEY (scope, key)
);

CREATE TABLE store.counter (
  account text NOT NULL,
  balance bigint NOT NULL,
  CONSTRAINT counter_pkey PRIMARY KEY (account)
) WITH (fillfactor=50);
COMMENT ON COLUMN store.counter.balance IS 'Below zero only by a transfer that may overdraw; then it is what the counter owes.';

CREATE TABLE store.event (
  "position" bigint NOT NULL,
  id uuid NOT NULL,
  aggregate_id uuid NOT NULL,
  aggregate_type character varying(50) NOT NULL,
  event_type character varying(50) NOT NULL,
  event_data jsonb NOT NULL,
  event_version integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  park_id character varying(50),
  node_id text NOT NULL,
  incarnation uuid NOT NULL,
  seq bigint NOT NULL,
  hlc bigint NOT NULL,
  payload_hash bytea NOT NULL,
  link bytea NOT NULL,
  correlation_id text NOT NULL,
  causation_id text,
  command_id uuid,
  append_size smallint NOT NULL,
  actor text NOT NULL,
  schema_version smallint NOT NULL,
  origin_version integer,
  origin_command_id uuid,
  CONSTRAINT event_aggregate_id_event_version_key UNIQUE (aggregate_id, event_version),
  CONSTRAINT event_id_key UNIQUE (id),
  CONSTRAINT event_pkey PRIMARY KEY ("position")
);
COMMENT ON COLUMN store.event."position" IS 'Dense over all this node has stored; the cursor of local readers.';
COMMENT ON COLUMN store.event.event_version IS 'Dense over what of the stream is stored on this node.';
COMMENT ON COLUMN store.event.created_at IS 'By the clock of the event''s author.';
COMMENT ON COLUMN store.event.seq IS 'Dense over what the author''s incarnation wrote; with it the identity of the event between nodes.';
COMMENT ON COLUMN store.event.hlc IS 'Hybrid logical clock: milliseconds since 1970 shifted left by 16 bits, plus a counter.';
COMMENT ON COLUMN store.event.link IS 'SHA-256 over the previous link, the envelope and payload_hash; see store.link.';
COMMENT ON COLUMN store.event.command_id IS 'Set on the first event of an append of this node that came with a command id.';
COMMENT ON COLUMN store.event.append_size IS 'How many events this one was stored together with, itself included.';
COMMENT ON COLUMN store.event.origin_version IS 'The version that its author gave it, where that is another; the link covers it.';
COMMENT ON COLUMN store.event.origin_command_id IS 'The command id of a received event. In command_id it stands too when a former life of this node told it.';
CREATE UNIQUE INDEX event_author ON store.event USING btree (incarnation, seq);
CREATE UNIQUE INDEX event_command_id_idx ON store.event USING btree (command_id) WHERE (command_id IS NOT NULL);
CREATE INDEX event_created_at_idx ON store.event USING brin (created_at);
CREATE UNIQUE INDEX event_origin_command ON store.event USING btree (incarnation, origin_command_id) WHERE (origin_command_id IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON store.event FOR EACH STATEMENT EXECUTE FUNCTION store.refuse_change();
CREATE TRIGGER through_append BEFORE INSERT ON store.event FOR EACH STATEMENT WHEN ((current_setting('skypark.appending'::text, true) IS DISTINCT FROM 'yes'::text)) EXECUTE FUNCTION store.refuse_insert();

CREATE TABLE store.head (
  only_row boolean DEFAULT true NOT NULL,
  node_id text NOT NULL,
  incarnation uuid NOT NULL,
  "position" bigint DEFAULT 0 NOT NULL,
  seq bigint DEFAULT 0 NOT NULL,
  hlc bigint DEFAULT 0 NOT NULL,
  link bytea NOT NULL,
  role text DEFAULT 'hq'::text NOT NULL,
  CONSTRAINT head_node_id_check CHECK ((node_id <> ''::text)),
  CONSTRAINT head_only_row_check CHECK (only_row),
  CONSTRAINT head_pkey PRIMARY KEY (only_row)
) WITH (fillfactor=10);

CREATE TABLE store.parked_event (
  subscription text NOT NULL,
  "position" bigint NOT NULL,
  aggregate_id uuid NOT NULL,
  error text NOT NULL,
  attempts integer NOT NULL,
  parked_at timestamp with time zone DEFAULT now() NOT NULL,
  retry_wanted boolean DEFAULT false NOT NULL,
  resolved_at timestamp with time zone,
  CONSTRAINT parked_event_pkey PRIMARY KEY (subscription, "position"),
  CONSTRAINT parked_event_position_fkey FOREIGN KEY ("position") REFERENCES store.event("position"),
  CONSTRAINT parked_event_subscription_fkey FOREIGN KEY (subscription) REFERENCES store.subscription(name)
);
CREATE INDEX parked_event_subscription_aggregate_id_position_idx ON store.parked_event USING btree (subscription, aggregate_id, "position") WHERE (resolved_at IS NULL);

CREATE TABLE store.peer (
  node_id text NOT NULL,
  feed_incarnation uuid,
  feed_position bigint,
  feed_link bytea,
  acked_incarnation uuid,
  acked_seq bigint,
  acked_link bytea,
  last_contact_ms bigint NOT NULL,
  feed_proof bytea,
  CONSTRAINT peer_pkey PRIMARY KEY (node_id)
);
COMMENT ON COLUMN store.peer.feed_proof IS 'By the node that feeds, which alone can make it and knows it again; null: it gave none.';

CREATE TABLE store.projection (
  name text NOT NULL,
  schema_name text NOT NULL,
  function_name text NOT NULL,
  event_types text[] NOT NULL,
  table_names text[] NOT NULL,
  made_by text,
  CONSTRAINT projection_pkey PRIMARY KEY (name)
);
CREATE TRIGGER write_project AFTER INSERT OR DELETE OR UPDATE OF schema_name, function_name, event_types ON store.projection FOR EACH STATEMENT EXECUTE FUNCTION store.write_project();

CREATE TABLE store.quarantined_segment (
  signature text NOT NULL,
  incarnation uuid NOT NULL,
  first_seq bigint NOT NULL,
  segment json NOT NULL,
  why text NOT NULL,
  quarantined_at timestamp with time zone DEFAULT now() NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  ordinal bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  node_id text DEFAULT ''::text NOT NULL,
  last_seq bigint DEFAULT 0 NOT NULL,
  types text[] DEFAULT '{}'::text[] NOT NULL,
  bytes bigint DEFAULT 0 NOT NULL,
  settled_at timestamp with time zone,
  CONSTRAINT quarantined_segment_pkey PRIMARY KEY (signature)
);
CREATE UNIQUE INDEX quarantined_segment_id ON store.quarantined_segment USING btree (id);
CREATE INDEX quarantined_segment_open ON store.quarantined_segment USING btree (ordinal) WHERE (settled_at IS NULL);

CREATE TABLE store.segment (
  incarnation uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  header jsonb NOT NULL,
  signature text NOT NULL,
  kept_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT segment_pkey PRIMARY KEY (incarnation, first_seq)
);

CREATE TABLE store.subject_key (
  subject_id uuid NOT NULL,
  wrapped bytea,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  destroyed_at timestamp with time zone,
  CONSTRAINT subject_key_check CHECK (((wrapped IS NULL) = (destroyed_at IS NOT NULL))),
  CONSTRAINT subject_key_pkey PRIMARY KEY (subject_id),
  CONSTRAINT subject_key_wrapped_check CHECK ((octet_length(wrapped) = 60))
);

CREATE TABLE store.subscription (
  name text NOT NULL,
  "position" bigint DEFAULT 0 NOT NULL,
  fence bigint DEFAULT 0 NOT NULL,
  owner text,
  leased_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  CONSTRAINT subscription_pkey PRIMARY KEY (name)
) WITH (fillfactor=50);

CREATE TABLE store.voided_flush (
  writer uuid NOT NULL,
  number bigint NOT NULL,
  voided_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT voided_flush_pkey PRIMARY KEY (writer)
);

CREATE VIEW store.events AS
SELECT e.id,
     e.aggregate_id,
     e.aggregate_type,
     e.event_type,
     e.event_data,
     e.event_version,
     e.created_at,
     e.park_id,
     (( SELECT ((h.role = 'hq'::text) OR (h.node_id <> e.node_id))
            FROM store.head h) OR COALESCE(( SELECT (a.acknowledged >= e.seq)
            FROM store.author a
           WHERE (a.incarnation = e.incarnation)), false)) AS synced,
     e."position",
     e.node_id,
     e.incarnation,
     e.seq AS origin_position,
     e.hlc,
     e.payload_hash,
     e.link AS hash,
     e.occurred_at,
     e.correlation_id,
     e.causation_id,
     COALESCE(e.command_id, e.origin_command_id) AS command_id,
     e.actor,
     e.schema_version
    FROM store.event e;
COMMENT ON VIEW store.events IS 'The log under the names of the commission. synced: headquarters has the event, by its own word.';

CREATE OR REPLACE FUNCTION store.append(writer uuid, number bigint, voids bigint, now_ms bigint, streams uuid[], accounts text[], claim_scopes text[], claim_keys text[], owners uuid[], commands uuid[], ops bigint[], events jsonb, hashes bytea, event_types text[], check_ids boolean)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET "skypark.appending" TO 'yes'
 SET "skypark.types_told" TO ''
AS $function$
declare
  node text;
  written_by uuid;
  last_position bigint;
  last_seq bigint;
  last_hlc bigint;
  last_link bytea;
  event_count integer := octet_length(hashes) / 32;
  versions integer[];
  balances bigint[];
  balances_read bigint[];
  balances_saved bigint[];
  holders uuid[];
  holders_read uuid[];
  holders_saved uuid[];
  command_first bigint[];
  command_last bigint[];
  stored_at bigint[];
  event_position bigint[] := array_fill(null::bigint, array[event_count]);
  event_version integer[] := array_fill(null::integer, array[event_count]);
  event_hlc bigint[] := array_fill(null::bigint, array[event_count]);
  event_link bytea[] := array_fill(null::bytea, array[event_count]);
  event_size integer[] := array_fill(null::integer, array[event_count]);
  refused_at integer[] := array_fill(null::integer, array[event_count]);
  any_refused boolean := false;
  repeated record;
  answer bigint[] := array_fill(0::bigint, array[cardinality(ops)]);
  accepted boolean := true;
  transferred boolean := false;
  claimed boolean := false;
  command bigint := 0;
  size integer := 0;
  first_position bigint;
  event_index integer := 0;
  at integer := -4;
  low bigint;
  high bigint;
  op_a bigint;
  op_b bigint;
  op_n bigint;
begin
  select h.node_id, h.incarnation, h.position, h.seq, h.hlc, h.link
    into strict node, written_by, last_position, last_seq, last_hlc, last_link
    from store.head h for update;
  first_position := last_position + 1;

  if voids > 0 then
    delete from store.voided_flush v where v.voided_at < now() - interval '1 day';
    insert into store.voided_flush as v (writer, number) values (append.writer, append.voids)
      on conflict on constraint voided_flush_pkey do update set number = excluded.number, voided_at = now();
  end if;
  if exists (select from store.voided_flush v where v.writer = append.writer and v.number >= append.number) then
    raise exception 'flush % was repeated since and must not be stored', number;
  end if;

  -- Look-ups are scalar subqueries, not joins: each is an index probe, whatever the planner believes of the tables' size.
  select array_agg(coalesce(
      (select e.event_version from store.event e where e.aggregate_id = s.id order by e.event_version desc limit 1), 0
    ) order by s.ord)
    into versions from unnest(streams) with ordinality s(id, ord);
  if cardinality(accounts) > 0 then
    select array_agg(coalesce((select c.balance from store.counter c where c.account = a.account), 0) order by a.ord)
      into balances from unnest(accounts) with ordinality a(account, ord);
    balances_read := balances;
  end if;
  if cardinality(claim_keys) > 0 then
    select array_agg((select c.owner from store.claim c where c.scope = k.scope and c.key = k.key) order by k.ord)
      into holders from unnest(claim_scopes, claim_keys) with ordinality k(scope, key, ord);
    holders_read := holders;
  end if;
  if cardinality(commands) > 0 then
    select array_agg((select e.position from store.event e where e.command_id = k.id) order by k.ord),
        array_agg((select e.position + e.append_size - 1 from store.event e where e.command_id = k.id) order by k.ord)
      into command_first, command_last from unnest(commands) with ordinality k(id, ord);
  end if;
  if check_ids then
    select array_agg(store.position_of(r.body, streams) order by r.ord)
      into stored_at from jsonb_array_elements(events) with ordinality r(body, ord);
  end if;

  for i in 0 .. cardinality(ops) / 4 - 1 loop
    op_a := ops[4 * i + 2];
    op_b := ops[4 * i + 3];
    case ops[4 * i + 1]
      when 1 then
        at := at + 4;
        accepted := true;
        transferred := false;
        claimed := false;
        command := op_a;
        size := op_b;
        if command > 0 and command_first[command] is not null then
          accepted := false;
          answer[at + 1] := 1;
          answer[at + 2] := command_first[command];
          answer[at + 3] := command_last[command];
        elsif check_ids then
          select min(p), max(p), count(p) into low, high, op_n
            from unnest(stored_at[event_index + 1 : event_index + size]) p;
          if op_n = size and low > 0 and high - low = size - 1 then
            accepted := false;
            answer[at + 1] := 1;
            answer[at + 2] := low;
            answer[at + 3] := high;
          elsif op_n > 0 then
            accepted := false;
            answer[at + 1] := 5;
          end if;
        end if;
        if accepted then
          answer[at + 2] := last_position + 1;
          answer[at + 3] := last_position + size;
        end if;
      when 2 then
        if accepted and not (op_b = -1 or op_b = versions[op_a] or (op_b = -2 and versions[op_a] > 0)) then
          accepted := false;
          answer[at + 1] := 2;
          answer[at + 2] := op_a;
          answer[at + 3] := versions[op_a];
        end if;
      when 3, 7 then
        if accepted then
          op_n := ops[4 * i + 4];
          if not transferred then
            transferred := true;
            balances_saved := balances;
          end if;
          if op_a > 0 then
            if ops[4 * i + 1] = 3 and balances[op_a] < op_n then
              accepted := false;
              answer[at + 1] := 3;
              answer[at + 2] := op_a;
              answer[at + 3] := greatest(balances_saved[op_a], 0);
            else
              balances[op_a] := balances[op_a] - op_n;
            end if;
          end if;
          if accepted and op_b > 0 then
            balances[op_b] := balances[op_b] + op_n;
          end if;
        end if;
      when 4 then
        if accepted then
          if not claimed then
            claimed := true;
            holders_saved := holders;
          end if;
          if op_b = 0 then
            holders[op_a] := null;
          elsif holders[op_a] is null or holders[op_a] = owners[op_b] then
            holders[op_a] := owners[op_b];
          else
            accepted := false;
            answer[at + 1] := 4;
            answer[at + 2] := op_a;
            answer[at + 3] := 0;
          end if;
        end if;
      when 5 then
        event_index := event_index + 1;
        event_size[event_index] := size;
        if not accepted then
          if answer[at + 1] between 2 and 4 then
            refused_at[event_index] := at;
            any_refused := true;
          end if;
        else
          last_position := last_position + 1;
          last_seq := last_seq + 1;
          last_hlc := greatest(last_hlc + 1, now_ms << 16);
          versions[op_a] := versions[op_a] + 1;
          last_link := sha256(
            '\x736b797061726b2f6c696e6b2f31'::bytea || last_link || uuid_send(written_by) || int8send(last_seq)
            || uuid_send(streams[op_a]) || int4send(versions[op_a]) || int8send(last_hlc) || int8send(op_b)
            || substring(hashes from 32 * event_index - 31 for 32)
          );
          event_position[event_index] := last_position;
          event_version[event_index] := versions[op_a];
          event_hlc[event_index] := last_hlc;
          event_link[event_index] := last_link;
          if command > 0 and command_first[command] is null then
            command_first[command] := last_position;
            command_last[command] := last_position + size - 1;
          end if;
        end if;
      when 6 then
        if accepted and answer[4 * op_a - 3] <> 0 then
          accepted := false;
          answer[at + 1] := 2;
          answer[at + 2] := op_b;
          answer[at + 3] := 0;
        end if;
      else
        raise exception 'unknown op %', ops[4 * i + 1];
    end case;
    if not accepted then
      if transferred then
        balances := balances_saved;
        transferred := false;
      end if;
      if claimed then
        holders := holders_saved;
        claimed := false;
      end if;
    end if;
  end loop;

  -- What was refused may be a repeat of what is stored: then it gets the first answer.
  if any_refused then
    for repeated in
      select r.at, min(r.position) as low, max(r.position) as high, count(r.position) as found, min(r.size) as size
        from (
          select r.at, r.size, store.position_of(events -> (r.ord - 1)::integer, streams) as position
            from unnest(refused_at, event_size) with ordinality r(at, size, ord) where r.at is not null
        ) r
        group by r.at having count(r.position) > 0
    loop
      if repeated.found = repeated.size and repeated.low > 0 and repeated.high - repeated.low = repeated.size - 1 then
        answer[repeated.at + 1] := 1;
        answer[repeated.at + 2] := repeated.low;
        answer[repeated.at + 3] := repeated.high;
      else
        answer[repeated.at + 1] := 5;
      end if;
    end loop;
  end if;

  if last_position < first_position then
    return answer[: at + 4];
  end if;

  insert into store.event (
    position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at, park_id,
    node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, causation_id, command_id, append_size, actor,
    schema_version
  )
  select event_position[r.ord], r.id, streams[r.s], r.a, r.t, r.d, event_version[r.ord], store.from_ms(now_ms),
    store.from_ms(r.o), r.p, node, written_by, last_seq - last_position + event_position[r.ord],
    event_hlc[r.ord], substring(hashes from (32 * r.ord - 31)::integer for 32), event_link[r.ord], r.co, r.ca, r.c,
    event_size[r.ord], r.ac, r.v
  from rows from (jsonb_to_recordset(events) as (
    id uuid, s integer, a text, t text, d jsonb, o bigint, p text, co text, ca text, c uuid, ac text, v smallint
  )) with ordinality as r(id, s, a, t, d, o, p, co, ca, c, ac, v, ord)
  where event_position[r.ord] is not null;

  if balances is distinct from balances_read then
    insert into store.counter (account, balance)
    select a.account, a.balance
      from unnest(accounts, balances, balances_read) a(account, balance, was)
      where a.balance <> a.was
      order by a.account
    on conflict (account) do update set balance = excluded.balance;
  end if;
  if holders is distinct from holders_read then
    delete from store.claim c using unnest(claim_scopes, claim_keys, holders, holders_read) k(scope, key, owner, was)
      where c.scope = k.scope and c.key = k.key and k.owner is distinct from k.was and k.was is not null;
    insert into store.claim (scope, key, owner)
      select k.scope, k.key, k.owner
        from unnest(claim_scopes, claim_keys, holders, holders_read) k(scope, key, owner, was)
        where k.owner is distinct from k.was and k.owner is not null;
  end if;

  update store.head h set position = last_position, seq = last_seq, hlc = last_hlc, link = last_link;

  -- Types of what was refused may be among them: then a read model looks for nothing that there is.
  perform set_config('skypark.types_told', (first_position || '-' || last_position || append.event_types)::text, true);
  perform store.project(first_position, last_position, append.event_types);

  perform pg_notify('skypark_event', last_position::text);
  return answer[: at + 4];
end $function$;

CREATE OR REPLACE FUNCTION store.close_author(its_incarnation uuid, its_node text, at_seq bigint, at_link bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  own uuid;
begin
  select h.incarnation into strict own from store.head h for update;
  if own = its_incarnation then
    raise exception 'the current incarnation of a log is not closed by itself';
  end if;
  insert into store.author as a (incarnation, node_id, link, closed_seq, closed_link)
  values (its_incarnation, its_node, sha256(convert_to('skypark/log/1', 'UTF8')), at_seq, at_link)
  on conflict (incarnation) do update set
    closed_seq = greatest(excluded.closed_seq, a.seq),
    closed_link = case when a.seq > excluded.closed_seq then a.link else excluded.closed_link end
    where a.closed_seq is null;
end $function$;

CREATE OR REPLACE FUNCTION store.foreign_stream(nodes text[], seqs bigint[], streams uuid[])
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  found record;
begin
  perform from store.head for update;
  select r.seq, newest.node_id into found
    from (
      select s.stream, s.node, min(s.seq) as seq from unnest(streams, nodes, seqs) s(stream, node, seq) group by s.stream, s.node
    ) r
    cross join lateral (
      select e.node_id from store.event e where e.aggregate_id = r.stream order by e.event_version desc limit 1
    ) newest
    where newest.node_id <> r.node
    order by r.seq limit 1;
  if found.seq is null then
    return null;
  end if;
  return jsonb_build_object('outcome', 'foreign_stream', 'seq', found.seq, 'writer', found.node_id);
end $function$;

CREATE OR REPLACE FUNCTION store.from_ms(ms bigint)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select timestamptz 'epoch' + ms * interval '1 millisecond'
$function$;

CREATE OR REPLACE FUNCTION store.link(previous bytea, incarnation uuid, seq bigint, aggregate_id uuid, event_version integer, hlc bigint, occurred_at_ms bigint, payload_hash bytea)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select sha256(
    '\x736b797061726b2f6c696e6b2f31'::bytea || previous || uuid_send(incarnation) || int8send(seq)
    || uuid_send(aggregate_id) || int4send(event_version) || int8send(hlc) || int8send(occurred_at_ms) || payload_hash
  )
$function$;

CREATE OR REPLACE FUNCTION store.note_peer(peer text, feed_in uuid, feed_at bigint, feed_by bytea, acked_in uuid, acked_at bigint, acked_by bytea, contact_ms bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  known store.peer;
begin
  insert into store.peer (node_id, last_contact_ms) values (peer, contact_ms) on conflict do nothing;
  select * into strict known from store.peer p where p.node_id = peer for update;
  if feed_in is not null and (feed_in is distinct from known.feed_incarnation or feed_at >= known.feed_position) then
    known.feed_incarnation := feed_in;
    known.feed_position := feed_at;
    known.feed_link := substr(feed_by, 1, 32);
    known.feed_proof := nullif(substr(feed_by, 33), '');
  end if;
  if acked_in is not null and (acked_in is distinct from known.acked_incarnation or acked_at >= known.acked_seq) then
    known.acked_incarnation := acked_in;
    known.acked_seq := acked_at;
    known.acked_link := acked_by;
    update store.author a set acknowledged = acked_at where a.incarnation = acked_in and a.acknowledged < acked_at;
  end if;
  update store.peer p set
    feed_incarnation = known.feed_incarnation, feed_position = known.feed_position, feed_link = known.feed_link,
    feed_proof = known.feed_proof,
    acked_incarnation = known.acked_incarnation, acked_seq = known.acked_seq, acked_link = known.acked_link,
    last_contact_ms = greatest(known.last_contact_ms, contact_ms)
    where p.node_id = peer;
end $function$;

CREATE OR REPLACE FUNCTION store.open_incarnation(why text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  old store.head;
  fresh uuid := gen_random_uuid();
  beginning bytea := sha256(convert_to('skypark/log/1', 'UTF8'));
begin
  select * into strict old from store.head for update;
  update store.author a set seq = old.seq, link = old.link, whole_to = old.seq, written_to = old.seq
    where a.incarnation = old.incarnation;
  insert into store.author (incarnation, node_id, link, reason) values (fresh, old.node_id, beginning, why);
  update store.head h set incarnation = fresh, seq = 0, link = beginning;
end $function$;

CREATE OR REPLACE FUNCTION store.open_node(named text)
 RETURNS store.head
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  found_head store.head;
begin
  insert into store.head (node_id, incarnation, link)
  values (named, gen_random_uuid(), sha256(convert_to('skypark/log/1', 'UTF8')))
  on conflict do nothing;
  select * into strict found_head from store.head;
  if found_head.node_id <> named then
    raise exception 'this database belongs to node %, not %', found_head.node_id, named;
  end if;
  return found_head;
end $function$;

CREATE OR REPLACE FUNCTION store.open_node(named text, its_role text)
 RETURNS store.head
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  opened store.head;
begin
  opened := store.open_node(named);
  insert into store.author (incarnation, node_id, link)
  values (opened.incarnation, named, sha256(convert_to('skypark/log/1', 'UTF8')))
  on conflict do nothing;
  if opened.role <> its_role then
    update store.head h set role = its_role returning h.* into opened;
  end if;
  return opened;
end $function$;

CREATE OR REPLACE FUNCTION store.own_place(at bigint, OUT incarnation uuid, OUT seq bigint, OUT link bytea)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  life record;
  low bigint;
  high bigint;
  middle bigint;
  found_at bigint;
begin
  for life in
    select a.incarnation, case when a.incarnation = h.incarnation then h.seq else a.written_to end as written_to
      from store.author a join store.head h on h.node_id = a.node_id
      order by (a.incarnation = h.incarnation) desc, a.opened_at desc
  loop
    low := 0;
    high := life.written_to;
    while low < high loop
      middle := (low + high + 1) / 2;
      select e.position into found_at from store.event e where e.incarnation = life.incarnation and e.seq = middle;
      if found_at <= own_place.at then
        low := middle;
      else
        high := middle - 1;
      end if;
    end loop;
    if low > 0 then
      select e.incarnation, e.seq, e.link into own_place.incarnation, own_place.seq, own_place.link
        from store.event e where e.incarnation = life.incarnation and e.seq = low;
      return;
    end if;
  end loop;
  select h.incarnation, 0, sha256(convert_to('skypark/log/1', 'UTF8'))
    into own_place.incarnation, own_place.seq, own_place.link from store.head h;
end $function$;

CREATE OR REPLACE FUNCTION store.position_of(event jsonb, streams uuid[])
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  found_position bigint;
  found_stream uuid;
begin
  select e.position, e.aggregate_id into found_position, found_stream
    from store.event e where e.id = (event ->> 'id')::uuid;
  return case when found_stream = streams[(event ->> 's')::integer] then found_position
    when found_stream is not null then 0 end;
end $function$;

CREATE OR REPLACE FUNCTION store.project(first_position bigint, last_position bigint, types text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$begin
end$function$;

CREATE OR REPLACE FUNCTION store.receive(now_ms bigint, previous_link bytea, nodes text[], incarnations uuid[], seqs bigint[], hlcs bigint[], links bytea, hashes bytea, ids uuid[], streams uuid[], versions integer[], aggregate_types text[], event_types text[], event_data jsonb[], occurred_ms bigint[], recorded_ms bigint[], parks text[], correlations text[], causations text[], commands uuid[], append_sizes smallint[], actors text[], schema_versions smallint[], header jsonb, signature text, peer text, feed_in uuid, feed_at bigint, feed_by bytea, acked_in uuid, acked_at bigint, acked_by bytea, contact_ms bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'store', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_bitmapscan TO 'off'
 SET "skypark.types_told" TO ''
 SET "skypark.appending" TO 'yes'
AS $function$
declare
  -- A clock further ahead than this is not followed; the same number as in kernel/crdt/hybrid-clock.ts.
  most_ahead_ms constant bigint := 300000;
  beginning constant bytea := sha256(convert_to('skypark/log/1', 'UTF8'));
  own store.head;
  author record;
  held store.author;
  known bytea[];
  bases integer[];
  foreign_at integer;
  segments jsonb := case when receive.header is null then '[]'::jsonb when receive.signature is null then receive.header
    else jsonb_build_array(jsonb_build_object('first', seqs[1], 'last', seqs[cardinality(seqs)],
      'header', receive.header, 'signature', receive.signature)) end;
  stored_of jsonb;
  is_known boolean := false;
  fresh bigint;
  found_seq bigint;
  found_link bytea;
  positions bigint[];
  local_versions integer[];
  last_position bigint;
  seen_hlc bigint;
  projection record;
begin
  select * into strict own from store.head for update;

  -- The newest of a stream is looked up once, however many of its events come.
  select array_agg(coalesce(n.event_version, 0) order by r.ord), min(r.ord) filter (where n.node_id <> r.node)
    into bases, foreign_at
    from unnest(streams, nodes) with ordinality r(stream, node, ord)
    join (
      select s.stream, e.event_version, e.node_id from (select distinct unnest(streams) as stream) s
      left join lateral (
        select e.event_version, e.node_id from store.event e where e.aggregate_id = s.stream order by e.event_version desc limit 1
      ) e on true
    ) n on n.stream = r.stream;
  if previous_link is not null and foreign_at is not null then
    return (
      select jsonb_build_object('outcome', 'foreign_stream', 'seq', seqs[foreign_at], 'writer', e.node_id)
        from store.event e where e.aggregate_id = streams[foreign_at] order by e.event_version desc limit 1
    );
  end if;

  for author in
    select r.incarnation, min(r.node) as node, max(r.node) as other_node, min(r.seq) as first_seq, max(r.seq) as last_seq
      from unnest(incarnations, nodes, seqs) r(incarnation, node, seq) group by r.incarnation order by min(r.seq)
  loop
    select * into held from store.author a where a.incarnation = author.incarnation;
    if author.incarnation = own.incarnation then
      held.seq := own.seq;
      held.whole_to := own.seq;
    end if;
    if author.node <> author.other_node or held.node_id <> author.node then
      raise exception 'incarnation % belongs to %, not to %', author.incarnation, coalesce(held.node_id, author.other_node), author.node;
    end if;
    if author.last_seq > held.closed_seq then
      return jsonb_build_object('outcome', 'closed', 'seq', held.closed_seq, 'link', encode(held.closed_link, 'hex'));
    end if;
    is_known := is_known or author.first_seq <= held.seq or author.incarnation = own.incarnation;
    if previous_link is not null and author.first_seq > coalesce(held.whole_to, 0) + 1 then
      return jsonb_build_object('outcome', 'gap', 'expected', coalesce(held.whole_to, 0) + 1);
    end if;
  end loop;

  if previous_link is not null then
    select min(r.seq) into found_seq
      from unnest(incarnations, seqs, streams, versions, hlcs, occurred_ms)
        with ordinality r(incarnation, seq, stream, version, hlc, at, ord)
      where store.link(
          case when r.ord = 1 then previous_link else substring(links from (32 * r.ord - 63)::integer for 32) end,
          r.incarnation, r.seq, r.stream, r.version, r.hlc, r.at, substring(hashes from (32 * r.ord - 31)::integer for 32)
        ) <> substring(links from (32 * r.ord - 31)::integer for 32);
    if seqs[1] = 1 and previous_link <> beginning then
      found_seq := 1;
    end if;
    if found_seq is not null then
      return jsonb_build_object('outcome', 'broken_chain', 'seq', found_seq);
    end if;
    if seqs[1] > 1 then
      select e.link into found_link from store.event e where e.incarnation = incarnations[1] and e.seq = seqs[1] - 1;
      if found_link is distinct from previous_link then
        return jsonb_build_object('outcome', 'fork', 'seq', seqs[1] - 1);
      end if;
    end if;
  end if;

  if is_known then
    select array_agg((select e.link from store.event e where e.incarnation = r.incarnation and e.seq = r.seq) order by r.ord)
      into known from unnest(incarnations, seqs) with ordinality r(incarnation, seq, ord);
    select r.seq into found_seq
      from unnest(incarnations, seqs, known) with ordinality r(incarnation, seq, link, ord)
      -- Nobody but this node writes in its current incarnation.
      where r.link <> substring(links from (32 * r.ord - 31)::integer for 32)
        or (r.link is null and r.incarnation = own.incarnation)
      order by r.ord limit 1;
    if found_seq is not null then
      return jsonb_build_object('outcome', 'fork', 'seq', found_seq);
    end if;
  end if;

  -- Where the new ones go. The narrow columns alone, so that nothing wide is sorted.
  select array_agg(r.position order by r.ord), array_agg(r.version::integer order by r.ord), count(r.position), max(r.position),
      max(r.hlc) filter (where r.position is not null and (r.hlc >> 16) <= now_ms + most_ahead_ms)
    into positions, local_versions, fresh, last_position, seen_hlc
    from (
      select s.ord, s.hlc, case when s.is_new then own.position + count(*) filter (where s.is_new) over (order by s.ord) end as position,
        case when s.is_new then bases[s.ord] + count(*) filter (where s.is_new) over (partition by s.stream order by s.ord)
          end as version
        from (
          select r.stream, r.hlc, r.ord, known is null or known[r.ord] is null as is_new
            from unnest(streams, hlcs) with ordinality r(stream, hlc, ord)
        ) s
    ) r;

  if fresh > 0 then
    begin
      insert into store.event (
        position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at, park_id,
        node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, causation_id, command_id, append_size, actor,
        schema_version, origin_version, origin_command_id
      )
      select r.position, r.id, r.stream, r.aggregate_type, r.event_type, r.data, r.local_version, store.from_ms(r.recorded),
        store.from_ms(r.occurred), r.park, r.node, r.incarnation, r.seq, r.hlc,
        substring(hashes from (32 * r.ord - 31)::integer for 32), substring(links from (32 * r.ord - 31)::integer for 32),
        r.correlation, r.causation,
        -- What this node did in a former life is done; another node's command is none of its own.
        case when r.command is not null and r.node = own.node_id
          and not exists (select from store.event e where e.command_id = r.command) then r.command end,
        r.append_size, r.actor, r.schema_version, nullif(r.version, r.local_version), r.command
      from unnest(
        positions, local_versions, nodes, incarnations, seqs, hlcs, ids, streams, versions, aggregate_types, event_types,
        event_data, occurred_ms, recorded_ms, parks, correlations, causations, commands, append_sizes, actors, schema_versions
      ) with ordinality r(
        position, local_version, node, incarnation, seq, hlc, id, stream, version, aggregate_type, event_type,
        data, occurred, recorded, park, correlation, causation, command, append_size, actor, schema_version, ord
      )
      where r.position is not null;
    exception when unique_violation then
      select r.seq into found_seq
        from unnest(seqs, ids, incarnations, commands, positions) with ordinality r(seq, id, incarnation, command, position, ord)
        where r.position is not null and (
          exists (select from store.event e where e.id = r.id)
          or exists (select from store.event e where e.incarnation = r.incarnation and e.origin_command_id = r.command)
          or exists (
            select from unnest(ids, incarnations, commands) with ordinality s(id, incarnation, command, ord)
            where s.ord < r.ord and (s.id = r.id or (s.incarnation = r.incarnation and s.command = r.command))
          )
        )
        order by r.ord limit 1;
      if found_seq is null then
        raise;
      end if;
      return jsonb_build_object('outcome', 'id_reused', 'seq', found_seq);
    end;

    insert into store.author as a (incarnation, node_id, seq, link, whole_to)
    select r.incarnation, r.node, r.seq, substring(links from (32 * r.ord - 31)::integer for 32),
        case when previous_link is null then 0 else r.seq end
      from (
        select (max(array[r.seq, r.ord]))[2] as ord from unnest(incarnations, seqs) with ordinality r(incarnation, seq, ord)
        group by r.incarnation
      ) newest
      cross join lateral (
        select newest.ord, incarnations[newest.ord] as incarnation, nodes[newest.ord] as node, seqs[newest.ord] as seq
      ) r
    on conflict (incarnation) do update set
      seq = greatest(a.seq, excluded.seq),
      link = case when excluded.seq > a.seq then excluded.link else a.link end,
      whole_to = greatest(a.whole_to, excluded.whole_to);

    update store.head h set position = last_position, hlc = greatest(own.hlc, seen_hlc);

    insert into store.segment as s (incarnation, first_seq, last_seq, header, signature)
    select incarnations[1], r.first, r.last, r.header, r.signature
      from jsonb_to_recordset(segments) r(first bigint, last bigint, header jsonb, signature text)
    on conflict (incarnation, first_seq) do update set
      last_seq = excluded.last_seq, header = excluded.header, signature = excluded.signature
      where s.last_seq < excluded.last_seq;
    if jsonb_array_length(segments) > 1 then
      select jsonb_agg(cardinality(array_remove(
          positions[(r.first - seqs[1] + 1)::integer : (r.last - seqs[1] + 1)::integer], null)) order by r.first)
        into stored_of from jsonb_to_recordset(segments) r(first bigint, last bigint);
    end if;

    perform set_config('skypark.types_told',
      ((own.position + 1) || '-' || last_position || array(select distinct unnest(receive.event_types)))::text, true);
    for projection in
      select p.schema_name, p.function_name from store.projection p where p.event_types && receive.event_types
    loop
      perform set_config('search_path', format('%I, store, pg_temp', projection.schema_name), true);
      execute format('select %s($1, $2)', projection.function_name) using own.position + 1, last_position;
    end loop;
    perform set_config('search_path', 'store, pg_temp', true);
    perform pg_notify('skypark_event', last_position::text);
  end if;

  if peer is not null then
    perform store.note_peer(peer, feed_in, feed_at, feed_by, acked_in, acked_at, acked_by, contact_ms);
  end if;
  if fresh = 0 then
    -- A chain over events that came singly before makes them whole.
    if previous_link is not null then
      update store.author a set whole_to = seqs[cardinality(seqs)]
        where a.incarnation = incarnations[1] and a.whole_to < seqs[cardinality(seqs)];
    end if;
    return jsonb_build_object('outcome', 'already_stored', 'lastPosition', own.position);
  end if;
  return jsonb_build_object('outcome', 'stored', 'stored', fresh, 'lastPosition', last_position, 'storedOf', stored_of);
end $function$;

CREATE OR REPLACE FUNCTION store.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the log is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION store.refuse_insert()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'events are stored by store.append only' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION store.to_ms(instant timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select (extract(epoch from instant) * 1000)::bigint
$function$;

CREATE OR REPLACE FUNCTION store.types_told(from_position bigint, to_position bigint)
 RETURNS text[]
 LANGUAGE plpgsql
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  key text := from_position || '-' || to_position;
  noted text[] := nullif(current_setting('skypark.types_told', true), '')::text[];
  types text[];
begin
  if noted[1] = key then
    return noted[2:];
  end if;
  types := array(select distinct e.event_type from store.event e where e.position between from_position and to_position);
  perform set_config('skypark.types_told', (key || types)::text, true);
  return types;
end $function$;

CREATE OR REPLACE FUNCTION store.write_project()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'store', 'pg_temp'
AS $function$
declare
  calls text;
begin
  select coalesce(string_agg(format(
      E'  if types && %L::text[] then\n    perform set_config(''search_path'', %L, true);\n    perform %s(first_position, last_position);\n'
      '    perform set_config(''search_path'', ''store, pg_temp'', true);\n  end if;\n',
      p.event_types, format('%I, store, pg_temp', p.schema_name), p.function_name
    ), '' order by p.name), '')
    into calls from store.projection p;
  calls := E'begin\n' || calls || 'end';
  -- Whoever starts registers what is there already: nothing to write, and nobody's plans are lost.
  if calls is distinct from (select f.prosrc from pg_proc f where f.oid = to_regproc('store.project')) then
    execute format(
      'create or replace function store.project(first_position bigint, last_position bigint, types text[]) returns void '
      'language plpgsql as %L', calls
    );
    execute 'revoke all on function store.project from public';
  end if;
  return null;
end $function$;

CREATE SCHEMA users;

CREATE TABLE users.children (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text,
  birth_date text,
  gender character varying(10),
  created_at timestamp with time zone NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  removed_at timestamp with time zone,
  photo_key text,
  photo_decided_at integer DEFAULT 0 NOT NULL,
  CONSTRAINT children_pkey PRIMARY KEY (id)
);
CREATE INDEX children_user_id_idx ON users.children USING btree (user_id);

CREATE TABLE users.consents (
  user_id uuid NOT NULL,
  document character varying(50) NOT NULL,
  version character varying(50),
  changed_at timestamp with time zone NOT NULL,
  decided_at integer NOT NULL,
  CONSTRAINT consents_pkey PRIMARY KEY (user_id, document)
);

CREATE TABLE users.users (
  id uuid NOT NULL,
  phone text,
  email text,
  name text,
  language character varying(2) NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  phone_verified_at timestamp with time zone,
  erased_at timestamp with time zone,
  CONSTRAINT users_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION users.project_users(from_position bigint, to_position bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into users (id, phone, email, name, language, created_at, updated_at)
  select e.aggregate_id, e.event_data ->> 'phone', e.event_data ->> 'email', e.event_data ->> 'name',
    e.event_data ->> 'language', e.occurred_at, e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserRegistered'
  on conflict (id) do nothing;

  -- Told by whoever sends codes.
  update users u set phone_verified_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PhoneVerified'
    and u.id = (e.event_data ->> 'userId')::uuid and u.phone_verified_at is null and u.erased_at is null;

  update users u set name = e.event_data ->> 'name', email = e.event_data ->> 'email',
    language = e.event_data ->> 'language', version = (e.event_data ->> 'version')::integer, updated_at = e.occurred_at
  from (
    select distinct on (aggregate_id) aggregate_id, event_data, occurred_at from store.event
    where position between from_position and to_position and event_type = 'ProfileChanged'
    order by aggregate_id, position desc
  ) e
  where u.id = e.aggregate_id and u.erased_at is null and u.version < (e.event_data ->> 'version')::integer;

  insert into consents as c (user_id, document, version, changed_at, decided_at)
  select distinct on (e.aggregate_id, d.document) e.aggregate_id, d.document, d.version, e.occurred_at, e.event_version
  from store.event e cross join lateral (
    select g ->> 'document' as document, g ->> 'version' as version
    from jsonb_array_elements(coalesce(e.event_data -> 'consents', e.event_data -> 'given')) g
    union all
    select w, null from jsonb_array_elements_text(e.event_data -> 'withdrawn') w
  ) d
  where e.position between from_position and to_position and e.event_type in ('UserRegistered', 'ConsentsChanged')
  order by e.aggregate_id, d.document, e.position desc
  on conflict (user_id, document) do update
    set version = excluded.version, changed_at = excluded.changed_at, decided_at = excluded.decided_at
    where c.decided_at < excluded.decided_at;

  insert into children (id, user_id, name, birth_date, gender, created_at)
  select (e.event_data ->> 'childId')::uuid, e.aggregate_id, e.event_data ->> 'name', e.event_data ->> 'birthDate',
    e.event_data ->> 'gender', e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ChildAdded'
  on conflict (id) do nothing;

  update children c set name = e.event_data ->> 'name', birth_date = e.event_data ->> 'birthDate',
    gender = e.event_data ->> 'gender', version = (e.event_data ->> 'version')::integer
  from (
    select distinct on (event_data ->> 'childId') (event_data ->> 'childId')::uuid as child_id, event_data from store.event
    where position between from_position and to_position and event_type = 'ChildChanged'
    order by event_data ->> 'childId', position desc
  ) e
  where c.id = e.child_id and c.removed_at is null and c.version < (e.event_data ->> 'version')::integer;

  update children c set photo_decided_at = e.event_version,
    photo_key = case e.event_type when 'ChildPhotoStored' then e.event_data ->> 'photoKey' end
  from (
    select distinct on (event_data ->> 'childId') (event_data ->> 'childId')::uuid as child_id, event_type, event_data, event_version
    from store.event
    where position between from_position and to_position and event_type in ('ChildPhotoStored', 'ChildPhotoRemoved')
    order by event_data ->> 'childId', position desc
  ) e
  where c.id = e.child_id and c.photo_decided_at < e.event_version;

  update children c set name = null, birth_date = null, gender = null, photo_key = null, removed_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ChildRemoved'
    and c.id = (e.event_data ->> 'childId')::uuid and c.removed_at is null;

  update users u set phone = null, email = null, name = null, erased_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserErased'
    and u.id = e.aggregate_id and u.erased_at is null;

  update children c set name = null, birth_date = null, gender = null, photo_key = null, removed_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserErased'
    and c.user_id = e.aggregate_id and c.removed_at is null;
end $function$;

GRANT DELETE, INSERT, SELECT ON TABLE admission.catching_up TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE admission.refused_scans TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE auth.password_reset TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE auth.recovery_code TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE auth.refresh_token TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE ledger.statement_faults TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE ledger.statement_lines TO skypark_app;
GRANT DELETE, INSERT, SELECT ON TABLE ledger.statement_sums TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE admission.gate_cards TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.credential TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.factor_challenge TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.one_time_code TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.passkey TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.passkey_challenge TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.session TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.totp_factor TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE http.idempotency TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE ledger.differences TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE ledger.statements TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE nodes.voice TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE notify.message TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE office.webhook_delivery TO skypark_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE payment.webhook_inbox TO skypark_app;
GRANT EXECUTE ON FUNCTION store.append(uuid,bigint,bigint,bigint,uuid[],text[],text[],text[],uuid[],uuid[],bigint[],jsonb,bytea,text[],boolean) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.close_author(uuid,text,bigint,bytea) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.foreign_stream(text[],bigint[],uuid[]) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.from_ms(bigint) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.link(bytea,uuid,bigint,uuid,integer,bigint,bigint,bytea) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.note_peer(text,uuid,bigint,bytea,uuid,bigint,bytea,bigint) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.open_incarnation(text) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.open_node(text) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.open_node(text,text) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.own_place(bigint) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.receive(bigint,bytea,text[],uuid[],bigint[],bigint[],bytea,bytea,uuid[],uuid[],integer[],text[],text[],jsonb[],bigint[],bigint[],text[],text[],text[],uuid[],smallint[],text[],smallint[],jsonb,text,text,uuid,bigint,bytea,uuid,bigint,bytea,bigint) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.to_ms(timestamp with time zone) TO skypark_app;
GRANT EXECUTE ON FUNCTION store.types_told(bigint,bigint) TO skypark_app;
GRANT INSERT, SELECT ON TABLE store.quarantined_segment TO skypark_app;
GRANT INSERT, SELECT ON TABLE store.segment TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE auth.role_note TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE auth.staff_cards TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE auth.staff_list TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE auth.token_mark TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE fiscal.receipt TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE fiscal.shift TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE ledger.last_check TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE nodes.contact TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE nodes.enrolment TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE store.parked_event TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE store.subject_key TO skypark_app;
GRANT INSERT, SELECT, UPDATE ON TABLE store.subscription TO skypark_app;
GRANT SELECT ON TABLE admission.admissions TO skypark_app;
GRANT SELECT ON TABLE admission.device_entries TO skypark_app;
GRANT SELECT ON TABLE admission.device_forks TO skypark_app;
GRANT SELECT ON TABLE admission.devices TO skypark_app;
GRANT SELECT ON TABLE admission.gate_days TO skypark_app;
GRANT SELECT ON TABLE admission.incidents TO skypark_app;
GRANT SELECT ON TABLE admission.scans TO skypark_app;
GRANT SELECT ON TABLE admission.voids TO skypark_app;
GRANT SELECT ON TABLE auth.role_changes TO skypark_app;
GRANT SELECT ON TABLE auth.role_grants TO skypark_app;
GRANT SELECT ON TABLE auth.verified_phones TO skypark_app;
GRANT SELECT ON TABLE booking.day_closings TO skypark_app;
GRANT SELECT ON TABLE booking.early_admissions TO skypark_app;
GRANT SELECT ON TABLE booking.pass_visits TO skypark_app;
GRANT SELECT ON TABLE booking.passes TO skypark_app;
GRANT SELECT ON TABLE booking.promo_codes TO skypark_app;
GRANT SELECT ON TABLE booking.tickets TO skypark_app;
GRANT SELECT ON TABLE booking.waitlist TO skypark_app;
GRANT SELECT ON TABLE fiscal.issued TO skypark_app;
GRANT SELECT ON TABLE fiscal.start TO skypark_app;
GRANT SELECT ON TABLE ledger.entries TO skypark_app;
GRANT SELECT ON TABLE ledger.first_admissions TO skypark_app;
GRANT SELECT ON TABLE ledger.resolutions TO skypark_app;
GRANT SELECT ON TABLE ledger.totals TO skypark_app;
GRANT SELECT ON TABLE loyalty.accounts TO skypark_app;
GRANT SELECT ON TABLE loyalty.figures TO skypark_app;
GRANT SELECT ON TABLE loyalty.lots TO skypark_app;
GRANT SELECT ON TABLE loyalty.movements TO skypark_app;
GRANT SELECT ON TABLE loyalty.tiers TO skypark_app;
GRANT SELECT ON TABLE nodes.admission_keys TO skypark_app;
GRANT SELECT ON TABLE nodes.incarnations TO skypark_app;
GRANT SELECT ON TABLE nodes.node_keys TO skypark_app;
GRANT SELECT ON TABLE nodes.nodes TO skypark_app;
GRANT SELECT ON TABLE nodes.park_homes TO skypark_app;
GRANT SELECT ON TABLE office.audit TO skypark_app;
GRANT SELECT ON TABLE office.report_facts TO skypark_app;
GRANT SELECT ON TABLE office.report_payments TO skypark_app;
GRANT SELECT ON TABLE office.report_tickets TO skypark_app;
GRANT SELECT ON TABLE office.webhook_endpoints TO skypark_app;
GRANT SELECT ON TABLE park.calendar TO skypark_app;
GRANT SELECT ON TABLE park.holidays TO skypark_app;
GRANT SELECT ON TABLE park.parks TO skypark_app;
GRANT SELECT ON TABLE payment.payments TO skypark_app;
GRANT SELECT ON TABLE payment.refunds TO skypark_app;
GRANT SELECT ON TABLE payment.shifts TO skypark_app;
GRANT SELECT ON TABLE store.author TO skypark_app;
GRANT SELECT ON TABLE store.backup TO skypark_app;
GRANT SELECT ON TABLE store.claim TO skypark_app;
GRANT SELECT ON TABLE store.counter TO skypark_app;
GRANT SELECT ON TABLE store.event TO skypark_app;
GRANT SELECT ON TABLE store.events TO skypark_app;
GRANT SELECT ON TABLE store.head TO skypark_app;
GRANT SELECT ON TABLE store.peer TO skypark_app;
GRANT SELECT ON TABLE store.projection TO skypark_app;
GRANT SELECT ON TABLE users.children TO skypark_app;
GRANT SELECT ON TABLE users.consents TO skypark_app;
GRANT SELECT ON TABLE users.users TO skypark_app;
GRANT UPDATE (settled_at) ON TABLE store.quarantined_segment TO skypark_app;
GRANT USAGE ON SCHEMA admission TO skypark_app;
GRANT USAGE ON SCHEMA auth TO skypark_app;
GRANT USAGE ON SCHEMA booking TO skypark_app;
GRANT USAGE ON SCHEMA fiscal TO skypark_app;
GRANT USAGE ON SCHEMA http TO skypark_app;
GRANT USAGE ON SCHEMA ledger TO skypark_app;
GRANT USAGE ON SCHEMA loyalty TO skypark_app;
GRANT USAGE ON SCHEMA nodes TO skypark_app;
GRANT USAGE ON SCHEMA notify TO skypark_app;
GRANT USAGE ON SCHEMA office TO skypark_app;
GRANT USAGE ON SCHEMA park TO skypark_app;
GRANT USAGE ON SCHEMA payment TO skypark_app;
GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT USAGE ON SCHEMA store TO skypark_app;
GRANT USAGE ON SCHEMA users TO skypark_app;
REVOKE ALL ON FUNCTION store.append(uuid,bigint,bigint,bigint,uuid[],text[],text[],text[],uuid[],uuid[],bigint[],jsonb,bytea,text[],boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.close_author(uuid,text,bigint,bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.foreign_stream(text[],bigint[],uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.from_ms(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.link(bytea,uuid,bigint,uuid,integer,bigint,bigint,bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.note_peer(text,uuid,bigint,bytea,uuid,bigint,bytea,bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.open_incarnation(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.open_node(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.open_node(text,text) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.own_place(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.position_of(jsonb,uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.project(bigint,bigint,text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.receive(bigint,bytea,text[],uuid[],bigint[],bigint[],bytea,bytea,uuid[],uuid[],integer[],text[],text[],jsonb[],bigint[],bigint[],text[],text[],text[],uuid[],smallint[],text[],smallint[],jsonb,text,text,uuid,bigint,bytea,uuid,bigint,bytea,bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.refuse_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION store.refuse_insert() FROM PUBLIC;
REVOKE ALL ON FUNCTION store.to_ms(timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.types_told(bigint,bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION store.write_project() FROM PUBLIC;

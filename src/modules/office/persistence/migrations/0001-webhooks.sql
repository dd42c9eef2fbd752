create schema office;
grant usage on schema office to skypark_app;

-- Addresses and secrets are sealed texts under the key of their endpoint; see store.subject_key.
create table office.webhook_endpoints (
  id uuid primary key,
  url text not null,
  description text not null,
  topics text[] not null,
  park_id varchar(50),
  enabled boolean not null,
  stopped_why text,
  secret text not null,
  old_secret text,
  old_secret_until timestamptz,
  added_at timestamptz not null,
  version integer not null
);
grant select on office.webhook_endpoints to skypark_app;

-- Not a read model: what is to be sent, and what became of it. Forgotten after a month.
create table office.webhook_delivery (
  id uuid primary key,
  endpoint_id uuid not null,
  message_id uuid not null,
  topic text not null,
  body text not null,
  created_at timestamptz not null,
  attempts smallint not null default 0,
  next_try_at timestamptz,
  last_try_at timestamptz,
  last_status smallint,
  last_error text,
  delivered_at timestamptz,
  unique (endpoint_id, message_id)
);
comment on column office.webhook_delivery.next_try_at is 'Null once it was delivered or given up.';
create index on office.webhook_delivery (next_try_at) where next_try_at is not null;
create index on office.webhook_delivery (endpoint_id, id);
create index on office.webhook_delivery (created_at);
grant select, insert, update, delete on office.webhook_delivery to skypark_app;

-- An endpoint has few events, so each range is applied event by event, in order.
create function office.project_webhooks(from_position bigint, to_position bigint) returns void language plpgsql as $$
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
end $$;

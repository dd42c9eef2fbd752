import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Endpoints, EndpointView } from '../application/ports.ts';
import type { WebhookTopic } from '../contract.ts';

export const webhooksProjection: Projection = {
  name: 'office.webhooks',
  schema: 'office',
  tables: ['webhook_endpoints'],
  eventTypes: [
    'WebhookEndpointAdded',
    'WebhookEndpointChanged',
    'WebhookSecretReplaced',
    'WebhookEndpointGone',
    'WebhookEndpointRemoved',
  ],
  functionName: 'office.project_webhooks',
};

const ALL = statement(
  'office.webhook-endpoints',
  `select id, url, description, topics, park_id, enabled, stopped_why, added_at, version from office.webhook_endpoints
   where $1::uuid is null or id = $1 order by id`,
);

const LISTENING = statement(
  'office.webhooks-listening',
  `select id from office.webhook_endpoints
   where enabled and $1 = any(topics) and (park_id is null or park_id = $2) order by id`,
);

const TO_SEND = statement(
  'office.webhook-to-send',
  `select url, secret, case when old_secret_until > store.from_ms($2) then old_secret end as old_secret
   from office.webhook_endpoints where id = $1 and enabled`,
);

type Row = {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly topics: readonly WebhookTopic[];
  readonly park_id: string | null;
  readonly enabled: boolean;
  readonly stopped_why: EndpointView['stoppedWhy'];
  readonly added_at: number;
  readonly version: number;
};

type SendingRow = { readonly url: string; readonly secret: string; readonly old_secret: string | null };

export function createEndpoints(database: Database, vault: Vault): Endpoints {
  /** Sealed fields are JSON; their key lives as long as the endpoint. */
  async function open(sealed: string): Promise<string> {
    const text = await vault.open(sealed);
    return text === null ? '' : (JSON.parse(text) as string);
  }

  const toView = async (row: Row): Promise<EndpointView> => ({
    endpointId: row.id,
    url: await open(row.url),
    description: row.description,
    topics: row.topics,
    parkId: row.park_id,
    enabled: row.enabled,
    stoppedWhy: row.stopped_why,
    addedAtMs: row.added_at,
    version: row.version,
  });

  const read = async (endpointId: string | null): Promise<readonly EndpointView[]> =>
    Promise.all((await database.rows<Row>(ALL, [endpointId])).map(toView));

  return {
    find: async (endpointId) => (await read(endpointId))[0] ?? null,
    all: () => read(null),
    async listeningTo({ topic, parkId }) {
      const rows = await database.rows<{ id: string }>(LISTENING, [topic, parkId]);
      return rows.map(({ id }) => id);
    },
    async toSend(endpointId, nowMs) {
      const [row] = await database.rows<SendingRow>(TO_SEND, [endpointId, nowMs]);
      if (row === undefined) return null;
      const sealed = row.old_secret === null ? [row.secret] : [row.secret, row.old_secret];
      return { endpointId, url: await open(row.url), secrets: await Promise.all(sealed.map(open)) };
    },
  };
}

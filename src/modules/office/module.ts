import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import { MS_A_DAY, type Clock } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import { createParkedEvents } from '../../infrastructure/event-store/parked-events.ts';
import { toInstant } from '../../infrastructure/http/instant.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { OutsideWorld } from '../../infrastructure/outgoing-http/post-outside.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createEventsOfAggregate } from './application/events-of-aggregate.ts';
import { createKeepWebhooks } from './application/keep-webhooks.ts';
import type { Deliveries, HmacSha256 } from './application/ports.ts';
import { createRetryDelivery } from './application/retry-delivery.ts';
import { createSendMessages, type SendMessages } from './application/send-messages.ts';
import { createSettleParkedEvent } from './application/settle-parked-event.ts';
import { createTellOutside, type TellOutside } from './application/tell-outside.ts';
import { addWebhookRoute } from './http/add-webhook.ts';
import { changeWebhookRoute } from './http/change-webhook.ts';
import { getWebhookRoute } from './http/get-webhook.ts';
import { listAuditRoute } from './http/list-audit.ts';
import { listEventsRoute } from './http/list-events.ts';
import { listParkedEventsRoute } from './http/list-parked-events.ts';
import { listWebhookDeliveriesRoute } from './http/list-webhook-deliveries.ts';
import { listWebhooksRoute } from './http/list-webhooks.ts';
import { pingWebhookRoute } from './http/ping-webhook.ts';
import { reportRoutes } from './http/reports.ts';
import { removeWebhookRoute } from './http/remove-webhook.ts';
import { replaceWebhookSecretRoute } from './http/replace-webhook-secret.ts';
import { retryWebhookDeliveryRoute } from './http/retry-webhook-delivery.ts';
import { settleParkedEventRoute } from './http/settle-parked-event.ts';
import { auditProjection, createAuditTrail } from './persistence/audit.ts';
import { createDeliveries } from './persistence/deliveries.ts';
import { createEndpoints, webhooksProjection } from './persistence/endpoints.ts';
import { officeEvents } from './persistence/events.ts';
import { createReports, reportsProjection } from './persistence/reports.ts';

/** How long messages to other systems are kept to look into. */
const DELIVERIES_KEPT_MS = 30 * MS_A_DAY;

export const officeManifest: Manifest = {
  name: 'office',
  events: officeEvents,
  projections: [webhooksProjection, auditProjection, reportsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type OfficeModule = Module & {
  readonly tellOutside: TellOutside;
  readonly sendMessages: SendMessages;
  /** Messages to other systems that are still to be sent. */
  readonly deliveryBacklog: Deliveries['backlog'];
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'load'>;
  readonly database: Database;
  readonly vault: Vault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly outsideWorld: OutsideWorld;
  readonly hmacSha256: HmacSha256;
};

/** What head office does beside the business itself: telling other systems, looking into the log, settling what got stuck. */
export function createOfficeModule(dependencies: Dependencies): OfficeModule {
  const { database, vault, store, clock, outsideWorld, hmacSha256 } = dependencies;
  const endpoints = createEndpoints(database, vault);
  const deliveries = createDeliveries(database, clock);
  const parkedEvents = createParkedEvents(database);
  const parts = { ...dependencies, endpoints, deliveries, parkedEvents, instantText: toInstant };
  const keep = createKeepWebhooks({ ...parts, addressFault: (url) => outsideWorld.faultOf(url) });
  const sendMessages = createSendMessages({
    ...parts,
    hmac: hmacSha256,
    post: (message) => outsideWorld.post(message),
  });
  return {
    ...officeManifest,
    routes: [
      listWebhooksRoute(endpoints),
      addWebhookRoute(keep),
      getWebhookRoute(endpoints),
      changeWebhookRoute(keep),
      removeWebhookRoute(keep),
      replaceWebhookSecretRoute(keep),
      pingWebhookRoute(keep),
      listWebhookDeliveriesRoute(endpoints, deliveries),
      retryWebhookDeliveryRoute(createRetryDelivery(deliveries, clock)),
      listParkedEventsRoute(parkedEvents),
      settleParkedEventRoute(createSettleParkedEvent(parts)),
      listEventsRoute(createEventsOfAggregate(store)),
      listAuditRoute(createAuditTrail(database)),
      ...reportRoutes(createReports(database)),
    ],
    tellOutside: createTellOutside(parts),
    sendMessages,
    deliveryBacklog: () => deliveries.backlog(),
    jobs: [
      {
        name: 'send webhooks',
        everyMs: 1000,
        run: ({ stopping, meta }) => sendMessages(stopping, meta),
      },
      {
        name: 'forget webhook deliveries',
        everyMs: MS_A_DAY,
        run: () => deliveries.forget(clock.now() - DELIVERIES_KEPT_MS),
      },
    ],
  };
}

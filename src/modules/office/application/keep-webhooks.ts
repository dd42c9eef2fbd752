import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { WebhookTopic } from '../contract.ts';
import { webhookEndpoint, type WebhookCommand, type WebhookRefusal } from '../domain/webhook-endpoint.ts';
import type { AddressFault, Deliveries, Endpoints, EndpointView, InstantText } from './ports.ts';
import { messageBody, secretOf } from './sign-message.ts';

/** 256 bits, within the 192 to 512 that the specification asks for. */
const SECRET_BYTES = 32;

export type ListeningInput = {
  readonly url: string;
  readonly description: string;
  readonly topics: readonly WebhookTopic[];
  readonly parkId: string | null;
};

export type KeepRefusal = WebhookRefusal | { readonly code: 'bad_address'; readonly message: string };

/** The list of other systems that are told of facts, as an administrator keeps it. */
export type KeepWebhooks = {
  /** The secret is told here and never again. */
  add(
    listening: ListeningInput,
    meta: CommandMeta,
  ): Promise<Result<{ readonly endpoint: EndpointView; readonly secret: string }, KeepRefusal>>;
  change(
    endpointId: string,
    edit: ListeningInput & { readonly enabled: boolean; readonly seenVersion: number },
    meta: CommandMeta,
  ): Promise<Result<EndpointView, KeepRefusal>>;
  replaceSecret(endpointId: string, meta: CommandMeta): Promise<Result<string, KeepRefusal>>;
  remove(endpointId: string, meta: CommandMeta): Promise<Result<null, KeepRefusal>>;
  /** Sends a message that means nothing, to try the address. */
  ping(endpointId: string): Promise<Result<null, KeepRefusal>>;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly addressFault: AddressFault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly instantText: InstantText;
};

export function createKeepWebhooks(dependencies: Dependencies): KeepWebhooks {
  const { runner, endpoints, deliveries, addressFault, ids, clock, instantText } = dependencies;

  const newSecret = (): string => secretOf(ids.secret(SECRET_BYTES));

  async function tell(
    endpointId: string,
    command: WebhookCommand,
    meta: CommandMeta,
  ): Promise<Result<null, WebhookRefusal>> {
    const done = await runner.run(webhookEndpoint, endpointId, command, meta);
    return done.ok ? ok(null) : refuse(ownRefusal(done.refusal));
  }

  async function shown(endpointId: string): Promise<EndpointView> {
    const view = await endpoints.find(endpointId);
    assert(view, 'an endpoint that was written is in the read model');
    return view;
  }

  return {
    async add(listening, meta) {
      const fault = await addressFault(listening.url);
      if (fault !== null) return refuse({ code: 'bad_address', message: fault });
      const endpointId = meta.commandId === undefined ? ids.next() : ids.derive(`webhook:${meta.commandId}`);
      const secret = newSecret();
      const endpoint = { endpointId, ...listening, secret, addedAtMs: clock.now() };
      const added = await tell(endpointId, { kind: 'add', endpoint }, meta);
      return added.ok ? ok({ endpoint: await shown(endpointId), secret }) : added;
    },
    async change(endpointId, { enabled, seenVersion, ...listening }, meta) {
      const fault = await addressFault(listening.url);
      if (fault !== null) return refuse({ code: 'bad_address', message: fault });
      const changed = await tell(endpointId, { kind: 'change', listening, enabled, seenVersion }, meta);
      return changed.ok ? ok(await shown(endpointId)) : changed;
    },
    async replaceSecret(endpointId, meta) {
      const secret = newSecret();
      const replaced = await tell(endpointId, { kind: 'replace_secret', secret, nowMs: clock.now() }, meta);
      return replaced.ok ? ok(secret) : replaced;
    },
    remove: (endpointId, meta) => tell(endpointId, { kind: 'remove' }, meta),
    async ping(endpointId) {
      if ((await endpoints.find(endpointId)) === null) return refuse({ code: 'webhook_not_found' });
      const nowMs = clock.now();
      const messageId = ids.next();
      const body = messageBody('ping', instantText(nowMs), {});
      await deliveries.plan([{ deliveryId: ids.next(), endpointId, messageId, topic: 'ping', body }], nowMs);
      return ok(null);
    },
  };
}

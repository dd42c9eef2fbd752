import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { webhookEndpoint } from '../domain/webhook-endpoint.ts';
import { waitAfter } from '../domain/webhook-retries.ts';
import type { Deliveries, DueDelivery, Endpoints, HmacSha256, PostOutside, TryOutcome } from './ports.ts';
import { signedHeaders } from './sign-message.ts';

const TIMEOUT_MS = 15_000;

/** Sends what is due; answers how many messages it tried. */
export type SendMessages = (stopping: AbortSignal, meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly post: PostOutside;
  readonly hmac: HmacSha256;
  readonly clock: Clock;
};

export function createSendMessages(dependencies: Dependencies): SendMessages {
  const { runner, endpoints, deliveries, post, hmac, clock } = dependencies;

  async function tryOnce(due: DueDelivery): Promise<TryOutcome> {
    const endpoint = await endpoints.toSend(due.endpointId, clock.now());
    if (endpoint === null) {
      return { kind: 'given_up', status: null, error: 'the endpoint was switched off', atMs: clock.now() };
    }
    const { url, secrets } = endpoint;
    const { messageId, body } = due;
    const headers = signedHeaders({ messageId, body, secrets }, clock.now(), hmac);
    const answer = await post({ url, headers, body, timeoutMs: TIMEOUT_MS });
    const atMs = clock.now();
    const status = answer.kind === 'answered' ? answer.status : null;
    if (status !== null && status >= 200 && status < 300) return { kind: 'delivered', status, error: null, atMs };
    const error = answer.kind === 'answered' ? null : answer.reason;
    const waitMs = status === 410 ? null : waitAfter(due.attempts + 1);
    if (waitMs === null) return { kind: 'given_up', status, error, atMs };
    return { kind: 'again', status, error, atMs, nextTryAtMs: atMs + waitMs };
  }

  async function deliver(due: DueDelivery, meta: CommandMeta): Promise<void> {
    const outcome = await tryOnce(due);
    await deliveries.record(due.deliveryId, outcome);
    if (outcome.kind !== 'given_up') return;
    // Whoever says so is gone for good; whoever took nothing for three days is switched off and seen by a person.
    const why = outcome.status === 410 ? 'gone' : 'exhausted';
    await runner.run(webhookEndpoint, due.endpointId, { kind: 'give_up', why }, meta);
  }

  return (stopping, meta) => deliveries.workOff(stopping, (due) => deliver(due, meta));
}

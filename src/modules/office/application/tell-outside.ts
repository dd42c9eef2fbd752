import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { OutsideFact } from '../contract.ts';
import type { Deliveries, Endpoints, InstantText } from './ports.ts';
import { messageBody } from './sign-message.ts';

/** Keeps a message for everybody who listens to a fact. Told twice, it keeps each once. */
export type TellOutside = (fact: OutsideFact) => Promise<void>;

type Dependencies = {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly instantText: InstantText;
};

export function createTellOutside({ endpoints, deliveries, ids, clock, instantText }: Dependencies): TellOutside {
  return async (fact) => {
    const listening = await endpoints.listeningTo(fact);
    if (listening.length === 0) return;
    const { topic, parkId, occurredAtMs, data } = fact;
    const body = messageBody(topic, instantText(occurredAtMs), { park_id: parkId, ...data });
    const messages = listening.map((endpointId) => ({
      deliveryId: ids.next(),
      endpointId,
      messageId: fact.eventId,
      topic,
      body,
    }));
    await deliveries.plan(messages, clock.now());
  };
}

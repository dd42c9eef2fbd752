import type { Backlog } from '../../../kernel/backlog.ts';
import type { OutsideFact, WebhookTopic } from '../contract.ts';

/** An endpoint as the people see who keep the list; the secret is shown when it is made and never again. */
export type EndpointView = {
  readonly endpointId: string;
  readonly url: string;
  readonly description: string;
  readonly topics: readonly WebhookTopic[];
  readonly parkId: string | null;
  readonly enabled: boolean;
  /** Why it was switched off by itself; null otherwise. */
  readonly stoppedWhy: 'gone' | 'exhausted' | null;
  readonly addedAtMs: number;
  readonly version: number;
};

/** What it takes to send to one. */
export type SendingEndpoint = Pick<EndpointView, 'endpointId' | 'url'> & {
  /** The newest first; more than one for a day after a change. */
  readonly secrets: readonly string[];
};

/** Port: the read model of endpoints. Removed ones are not in it. */
export type Endpoints = {
  find(endpointId: string): Promise<EndpointView | null>;
  /** All of them, by id; there are few. */
  all(): Promise<readonly EndpointView[]>;
  /** Ids of the enabled ones that listen to a fact. */
  listeningTo(fact: Pick<OutsideFact, 'topic' | 'parkId'>): Promise<readonly string[]>;
  /** Null when it is gone or switched off. */
  toSend(endpointId: string, nowMs: number): Promise<SendingEndpoint | null>;
};

export type NewDelivery = {
  readonly deliveryId: string;
  readonly endpointId: string;
  /** The receiver's key against repeats. */
  readonly messageId: string;
  readonly topic: string;
  readonly body: string;
};

export type DueDelivery = NewDelivery & {
  /** Failed tries so far. */
  readonly attempts: number;
};

export type DeliveryView = {
  readonly deliveryId: string;
  readonly messageId: string;
  readonly topic: string;
  readonly status: 'waiting' | 'delivered' | 'given_up';
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly lastTryAtMs: number | null;
  readonly nextTryAtMs: number | null;
  /** HTTP status of the last answer. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
};

export type TryOutcome = {
  readonly status: number | null;
  readonly error: string | null;
  readonly atMs: number;
} & (
  | { readonly kind: 'delivered' }
  | { readonly kind: 'again'; readonly nextTryAtMs: number }
  | { readonly kind: 'given_up' }
);

/** Port: messages to be sent, and what became of them. */
export type Deliveries = {
  /** Keeps messages; one that is there already stays as it is. */
  plan(deliveries: readonly NewDelivery[], nowMs: number): Promise<void>;
  /**
   * Tries what is due, several at once and few of one endpoint, so that one that hangs holds up no other. What is tried and
   * not recorded within a while is due again. Answers how many tries it began.
   */
  workOff(stopping: AbortSignal, tryOnce: (due: DueDelivery) => Promise<void>): Promise<number>;
  record(deliveryId: string, outcome: TryOutcome): Promise<void>;
  /** Newest first. @param before only those with a smaller id */
  ofEndpoint(endpointId: string, before: string | null, limit: number): Promise<readonly DeliveryView[]>;
  /** Makes one due at once. False when the endpoint has no such delivery. */
  retry(endpointId: string, deliveryId: string, nowMs: number): Promise<boolean>;
  /** Forgets what was made before an instant; answers how many. */
  forget(beforeMs: number): Promise<number>;
  /** What is still to be sent. */
  backlog(): Promise<Backlog>;
};

/** Port: the guarded way out; see the adapter. */
export type PostOutside = (message: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}) => Promise<
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string }
>;

/** Port: why we would not send to an address; null when we would. */
export type AddressFault = (url: string) => Promise<string | null>;

/** Port: HMAC-SHA256 of a text under raw key bytes (base64), as base64. */
export type HmacSha256 = (keyBase64: string, text: string) => string;

/** Port: an instant (ms since 1970) as RFC 3339 in UTC. */
export type InstantText = (ms: number) => string;

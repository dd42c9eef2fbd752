import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Personal } from '../../../kernel/vault.ts';
import type { WebhookTopic } from '../contract.ts';

/** A secret that was replaced still signs for so long, so that receivers can change over. */
export const OLD_SECRET_MS = 24 * 3_600_000;

/** Where another system listens, and to what. */
export type Listening = {
  /** An address of theirs; sealed, since addresses can hold keys. */
  readonly url: Personal<string>;
  /** For the people who keep the list. */
  readonly description: string;
  /** Never empty, each once. */
  readonly topics: readonly WebhookTopic[];
  /** Null: facts of all parks. */
  readonly parkId: string | null;
};

type Identity = { readonly endpointId: string };

export type WebhookEndpointAdded = {
  readonly type: 'WebhookEndpointAdded';
  readonly data: Identity & Listening & { readonly secret: Personal<string>; readonly addedAtMs: number };
};
export type WebhookEndpointChanged = {
  readonly type: 'WebhookEndpointChanged';
  readonly data: Identity & Listening & { readonly enabled: boolean };
};
export type WebhookSecretReplaced = {
  readonly type: 'WebhookSecretReplaced';
  readonly data: Identity & { readonly secret: Personal<string>; readonly oldUntilMs: number };
};
/** The receiver answered that it is gone for good (410), or took no message through all tries. */
export type WebhookEndpointGone = {
  readonly type: 'WebhookEndpointGone';
  readonly data: Identity & { readonly why: 'gone' | 'exhausted' };
};
export type WebhookEndpointRemoved = { readonly type: 'WebhookEndpointRemoved'; readonly data: Identity };

export type WebhookEvent =
  WebhookEndpointAdded | WebhookEndpointChanged | WebhookSecretReplaced | WebhookEndpointGone | WebhookEndpointRemoved;

export type WebhookCommand =
  | { readonly kind: 'add'; readonly endpoint: WebhookEndpointAdded['data'] }
  | {
      readonly kind: 'change';
      readonly listening: Listening;
      readonly enabled: boolean;
      /** The version that the editor saw. */
      readonly seenVersion: number;
    }
  | { readonly kind: 'replace_secret'; readonly secret: string; readonly nowMs: number }
  | { readonly kind: 'give_up'; readonly why: 'gone' | 'exhausted' }
  | { readonly kind: 'remove' };

export type WebhookRefusal =
  { readonly code: 'webhook_not_found' } | { readonly code: 'stale_version' } | { readonly code: 'bad_topics' };

export type WebhookState = {
  readonly endpointId: string | null;
  readonly enabled: boolean;
  readonly removed: boolean;
  /** Counts every change; what an editor names to say which one was seen. */
  readonly version: number;
};

type Decision = Result<readonly WebhookEvent[], WebhookRefusal>;

const areTopics = ({ topics }: Listening): boolean => topics.length > 0 && new Set(topics).size === topics.length;

function change(
  { listening, enabled, seenVersion }: Extract<WebhookCommand, { readonly kind: 'change' }>,
  endpointId: string,
  state: WebhookState,
): Decision {
  if (seenVersion !== state.version) return refuse({ code: 'stale_version' });
  if (!areTopics(listening)) return refuse({ code: 'bad_topics' });
  return ok([{ type: 'WebhookEndpointChanged', data: { endpointId, ...listening, enabled } }]);
}

/** One address of another system that is told of facts. */
export const webhookEndpoint: Decider<WebhookCommand, WebhookState, WebhookEvent, WebhookRefusal> = {
  aggregateType: 'WebhookEndpoint',
  initial: { endpointId: null, enabled: false, removed: false, version: 0 },
  decide(command, state) {
    if (command.kind === 'add') {
      if (!areTopics(command.endpoint)) return refuse({ code: 'bad_topics' });
      return ok(state.endpointId === null ? [{ type: 'WebhookEndpointAdded', data: command.endpoint }] : []);
    }
    const { endpointId } = state;
    if (endpointId === null || state.removed) return refuse({ code: 'webhook_not_found' });
    switch (command.kind) {
      case 'change':
        return change(command, endpointId, state);
      case 'replace_secret': {
        const data = { endpointId, secret: command.secret, oldUntilMs: command.nowMs + OLD_SECRET_MS };
        return ok([{ type: 'WebhookSecretReplaced', data }]);
      }
      case 'give_up':
        return ok(state.enabled ? [{ type: 'WebhookEndpointGone', data: { endpointId, why: command.why } }] : []);
      case 'remove':
        return ok([{ type: 'WebhookEndpointRemoved', data: { endpointId } }]);
      default:
        return unreachable(command, 'webhook command');
    }
  },
  evolve(state, event) {
    const version = state.version + 1;
    switch (event.type) {
      case 'WebhookEndpointAdded':
        return { endpointId: event.data.endpointId, enabled: true, removed: false, version };
      case 'WebhookEndpointChanged':
        return { ...state, enabled: event.data.enabled, version };
      case 'WebhookSecretReplaced':
        return { ...state, version };
      case 'WebhookEndpointGone':
        return { ...state, enabled: false, version };
      case 'WebhookEndpointRemoved':
        return { ...state, enabled: false, removed: true, version };
      default:
        return unreachable(event, 'webhook event');
    }
  },
};

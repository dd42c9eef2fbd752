import { MS_A_DAY, type Clock } from '../../../kernel/time.ts';
import type { WebhookInbox } from './ports.ts';

/** As long as a payer or a provider may dispute a payment, the very words of the provider are there. */
export const KEPT_DAYS = 180;

/** Takes out what was applied that long ago, never what is still to be applied. What it said is in the log. */
export type ForgetWebhooks = (limit: number, stopping?: AbortSignal) => Promise<void>;

type Dependencies = { readonly inbox: Pick<WebhookInbox, 'forgetApplied'>; readonly clock: Clock };

export function createForgetWebhooks({ inbox, clock }: Dependencies): ForgetWebhooks {
  return async (limit, stopping) => {
    const beforeMs = clock.now() - KEPT_DAYS * MS_A_DAY;
    let forgotten = limit;
    while (forgotten === limit && stopping?.aborted !== true) forgotten = await inbox.forgetApplied(beforeMs, limit);
  };
}

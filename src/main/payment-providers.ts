import type { OnBreaker } from '../infrastructure/breaker.ts';
import type { HttpFetch } from '../infrastructure/outgoing-http/http-fetch.ts';
import { createBakaiElqrProvider } from '../infrastructure/payment-providers/bakai/elqr-provider.ts';
import { createElcardProvider } from '../infrastructure/payment-providers/elcard/elcard-provider.ts';
import { createFinikElqrProvider } from '../infrastructure/payment-providers/finik/elqr-provider.ts';
import type { OnCall } from '../infrastructure/payment-providers/provider-calls.ts';
import type { Clock } from '../kernel/time.ts';
import type { PaymentProvider } from '../modules/payment/contract.ts';
import type { Config } from './config.ts';
import { amountOfElqrLink } from './elqr-links.ts';
import { bakaiAccess, elcardAccess, loadFinikAccess } from './secrets.ts';

/** How far a provider's message may be from our clock. */
const CLOCK_SKEW_MS = 300_000;

/** Where providers tell us what became of a payment; some need a secret behind it. */
export const elqrWebhookUrl = ({ publicUrl }: Config): string => `${publicUrl}/api/v1/payments/webhooks/elqr`;

type WaysOut = {
  readonly http: HttpFetch;
  readonly watchBreaker: (dependency: string) => OnBreaker;
  readonly watchCalls: (provider: string) => OnCall;
};

/** The methods that are offered, in the order in which they are named. */
export async function createPaymentProviders(
  config: Config,
  clock: Clock,
  { http, watchBreaker, watchCalls }: WaysOut,
): Promise<ReadonlyMap<'elqr' | 'elcard', PaymentProvider>> {
  const providers = new Map<'elqr' | 'elcard', PaymentProvider>();
  // Only headquarters takes money over the network.
  if (config.node.role === 'park') return providers;
  const ways = (method: string) => ({ clock, http, onBreaker: watchBreaker(method), onCall: watchCalls(method) });
  const elqr = { ...ways('elqr'), amountOfLink: amountOfElqrLink };
  providers.set(
    'elqr',
    config.elqr.wireProfile === 'bakai-v1'
      ? createBakaiElqrProvider({ ...bakaiAccess(config, http), ...elqr })
      : createFinikElqrProvider({
          ...(await loadFinikAccess(config)),
          ...elqr,
          webhookUrl: elqrWebhookUrl(config),
          clockSkewMs: CLOCK_SKEW_MS,
        }),
  );
  const elcard = elcardAccess(config);
  if (elcard !== null) providers.set('elcard', createElcardProvider({ ...elcard, ...ways('elcard') }));
  return providers;
}

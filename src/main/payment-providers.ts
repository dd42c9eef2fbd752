import type { OnBreaker } from '../infrastructure/breaker.ts';
import { createElcardProvider } from '../infrastructure/payment-providers/elcard/elcard-provider.ts';
import { createFinikElqrProvider } from '../infrastructure/payment-providers/finik/elqr-provider.ts';
import type { HttpFetch } from '../infrastructure/outgoing-http/http-fetch.ts';
import type { Clock } from '../kernel/time.ts';
import type { PaymentProvider } from '../modules/payment/contract.ts';
import type { Config } from './config.ts';
import { amountOfElqrLink } from './elqr-links.ts';
import { elcardAccess, loadElqrAccess } from './secrets.ts';

/** How far a provider's message may be from our clock. */
const CLOCK_SKEW_MS = 300_000;

type WaysOut = { readonly http: HttpFetch; readonly watchBreaker: (dependency: string) => OnBreaker };

/** The methods that are offered, in the order in which they are named. */
export async function createPaymentProviders(
  config: Config,
  clock: Clock,
  { http, watchBreaker }: WaysOut,
): Promise<ReadonlyMap<'elqr' | 'elcard', PaymentProvider>> {
  const providers = new Map<'elqr' | 'elcard', PaymentProvider>();
  providers.set(
    'elqr',
    createFinikElqrProvider({
      ...(await loadElqrAccess(config)),
      webhookUrl: `${config.publicUrl}/api/v1/payments/webhooks/elqr`,
      clockSkewMs: CLOCK_SKEW_MS,
      clock,
      http,
      amountOfLink: amountOfElqrLink,
      onBreaker: watchBreaker('elqr'),
    }),
  );
  const elcard = elcardAccess(config);
  if (elcard !== null) {
    const onBreaker = watchBreaker('elcard');
    providers.set('elcard', createElcardProvider({ ...elcard, clock, http, onBreaker }));
  }
  return providers;
}

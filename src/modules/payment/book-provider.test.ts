import { createManualClock } from '../../infrastructure/clock.ts';
import { createBookProvider } from './book-provider.suite.ts';
import type { ProviderCapabilities } from './contract.ts';
import { describeProviderContract, type ProviderBench } from './provider-contract.suite.ts';

/** What tests of whole flows take for a provider keeps the contract of the true ones. */
function open(capabilities: ProviderCapabilities): ProviderBench {
  const clock = createManualClock(1_795_000_000_000);
  const book = createBookProvider('elqr', capabilities, clock);
  return {
    clock,
    provider: book.provider,
    get isAway() {
      return book.isAway;
    },
    set isAway(isAway) {
      book.isAway = isAway;
    },
    async act(url, what) {
      const order = book.orders.get(url.split('/').at(-1) ?? '');
      if (order === undefined || order.ended !== null || order.charges.length > 0) throw new Error('409');
      if (what === 'pay') book.charge(order.providerKey);
      if (what === 'decline') book.decline(order.providerKey);
      if (what === 'expire') order.ended = 'expired';
    },
    message: async (providerKey) =>
      book.messages.findLast(({ rawBody }) => String(rawBody).includes(providerKey)) ?? null,
  };
}

const all: ProviderCapabilities = { statusQuery: true, refund: 'partial', cancelUnpaid: false, signedWebhook: true };
describeProviderContract('in memory', async () => open(all));
describeProviderContract('in memory, as little as one can do', async () =>
  open({ ...all, statusQuery: false, refund: 'none', signedWebhook: false }),
);

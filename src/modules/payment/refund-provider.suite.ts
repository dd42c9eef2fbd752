import { refuse } from '../../kernel/result.ts';
import type { PaymentProvider } from './contract.ts';

/**
 * What the way to the provider does to a call: carries it, loses it, or loses the answer of one that was acted on. `late`: an
 * earlier call that was lost is acted on only now, and so this one is refused.
 */
export type Way = 'open' | 'call lost' | 'answer lost' | 'refused' | 'late';

export type FakeRefunder = {
  readonly provider: PaymentProvider;
  /** What was paid out, by key: the provider's book. */
  readonly book: ReadonlyMap<string, bigint>;
  /** What the next calls of `refund` meet; `open` when there are no more. */
  readonly ways: Way[];
  /** Whether questions are answered. */
  answers: boolean;
};

/** A provider in memory that gives money back, once a key. */
export function createFakeRefunder(refund: 'full' | 'partial' = 'partial'): FakeRefunder {
  const book = new Map<string, bigint>();
  const ways: Way[] = [];
  const referenceOf = (refundKey: string): string => `paid ${refundKey}`;
  const refunder: FakeRefunder = {
    book,
    ways,
    answers: true,
    provider: {
      name: 'elcard',
      capabilities: { statusQuery: true, refund, cancelUnpaid: false, signedWebhook: false },
      takesOrders: () => true,
      create: async () => ({ kind: 'unknown' }),
      status: async () => ({ kind: 'unknown' }),
      parseWebhook: () => refuse({ code: 'bad_signature' }),
      async refund({ refundKey, amountTyiyn }) {
        const way = ways.shift() ?? 'open';
        if (way === 'refused') return { kind: 'failed', reason: 'the account is closed', retryable: false };
        if (way !== 'call lost') book.set(refundKey, amountTyiyn);
        if (way === 'late') return { kind: 'failed', reason: 'more than is left of it', retryable: false };
        return way === 'open' ? { kind: 'succeeded', providerReference: referenceOf(refundKey) } : { kind: 'unknown' };
      },
      async refundStatus({ refundKey }) {
        if (!refunder.answers) return { kind: 'unknown' };
        return book.has(refundKey)
          ? { kind: 'succeeded', providerReference: referenceOf(refundKey) }
          : { kind: 'not_found' };
      },
    },
  };
  return refunder;
}

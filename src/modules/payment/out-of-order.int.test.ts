import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { ok } from '../../kernel/result.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { createWebhooks } from './application/receive-webhook.ts';
import type { PaymentProvider, ProviderNotice } from './contract.ts';
import { createPayers, inboxOf } from './payers.suite.ts';
import { AMOUNT_TYIYN, NOON_MS, openTill, type Till } from './till.suite.ts';

type Word = 'money' | 'decline' | 'no end';

/** Every order of the words. */
function ordersOf(words: readonly Word[]): readonly (readonly Word[])[] {
  if (words.length < 2) return [words];
  return words.flatMap((word, index) =>
    ordersOf([...words.slice(0, index), ...words.slice(index + 1)]).map((rest) => [word, ...rest]),
  );
}

describeWithDatabase('messages of a provider that come in another order than they were sent', () => {
  let till: Till;
  beforeAll(async () => {
    till = await openTill();
  });
  afterAll(() => till.close());
  const { begin, statusOf, factsOf, lastIntent } = createPayers(() => till);

  const money = { amountTyiyn: AMOUNT_TYIYN, currency: 'KGS', paidAtMs: NOON_MS };
  const outcomeOf = (word: Word): ProviderNotice['outcome'] => {
    if (word === 'money') return { kind: 'succeeded', ...money, providerReference: 'the charge' };
    // A refund, or a step on the way: it says nothing of how the payment ended.
    return word === 'decline' ? { kind: 'failed', reason: 'declined' } : { kind: 'unsettled' };
  };

  async function told(words: readonly Word[]) {
    const begun = await begin();
    const { providerKey } = await lastIntent();
    const { receive } = createWebhooks({
      ...inboxOf(till),
      recordOutcome: createRecordOutcome({ ...till.node, clock: till.clock }),
    });
    const notices = words.map((word) => ({ eventId: ids.next(), providerKey, outcome: outcomeOf(word) }));
    // Each comes once more after all others, as when an acknowledgement was lost.
    for (const notice of [...notices, ...notices]) {
      const provider: PaymentProvider = { ...till.provider, parseWebhook: () => ok(notice) };
      expect(await receive(provider, { rawBody: Buffer.from(notice.eventId), headers: {} })).toEqual(ok(null));
    }
    return begun;
  }

  describe('end as the provider has it', () => {
    test.each(ordersOf(['money', 'decline', 'no end']))('%s, %s, %s: paid, once', async (...words) => {
      const begun = await told(words);
      expect(await statusOf(begun)).toBe('succeeded');
      expect(await factsOf(begun, 'PaymentSucceeded')).toHaveLength(1);
    });

    test.each(ordersOf(['decline', 'no end']))('%s, %s: not paid', async (...words) => {
      const begun = await told(words);
      expect(await statusOf(begun)).toBe('failed');
      expect(await factsOf(begun, 'PaymentSucceeded')).toEqual([]);
    });
  });
});

import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock.ts';
import { createElcardProvider } from './elcard-provider.ts';
import { COMMON_STATUSES, type StatusTable } from './status-table.ts';

const providerKey = '0190a8f0-0000-7000-8000-000000000001';

/** What a payment is when the bank answers with this number. */
async function statusAt(orderStatus: number, statuses?: StatusTable, actionCode = 0) {
  const answer = {
    errorCode: '0',
    orderNumber: providerKey,
    orderStatus,
    actionCode,
    currency: '417',
    authDateTime: 1_795_000_000_000,
    authRefNum: 'r',
    paymentAmountInfo: { depositedAmount: 35_000 },
  };
  const provider = createElcardProvider({
    baseUrl: 'http://bank.example',
    authMode: 'login',
    clientId: 'us',
    clientSecret: 's',
    clock: createManualClock(0),
    http: async () => new Response(JSON.stringify(answer)),
    ...(statuses && { statuses }),
  });
  return provider.status({ providerKey, externalId: null });
}

describe('what the numbers of a card bank mean', () => {
  test.each([
    [0, 'pending'],
    [1, 'pending'],
    [2, 'succeeded'],
    [3, 'failed'],
    [4, 'failed'],
    [5, 'pending'],
    [6, 'failed'],
    [7, 'unknown'],
    [-1, 'unknown'],
    [99, 'unknown'],
  ])('%i is %s where the bank says nothing else', async (orderStatus, kind) => {
    expect((await statusAt(orderStatus)).kind).toBe(kind);
  });

  test('an unpaid order whose time is over has expired', async () => {
    expect(await statusAt(6, COMMON_STATUSES, -2007)).toEqual({ kind: 'expired' });
  });

  test('7 is what this bank says: money that came and went back in part, or nothing at all', async () => {
    expect(await statusAt(7, { ...COMMON_STATUSES, 7: 'partly_refunded' })).toMatchObject({
      kind: 'succeeded',
      amountTyiyn: 35_000n,
    });
    expect(await statusAt(7, { ...COMMON_STATUSES, 7: 'declined' })).toEqual({ kind: 'failed' });
    expect(await statusAt(2, { 7: 'paid' })).toEqual({ kind: 'unknown' });
  });
});

import { expect, test } from 'vitest';
import { difference, moneyOf, type DifferenceResolved, type DifferingMoney } from './difference.ts';

const resolved: DifferenceResolved['data'] = {
  differenceId: 'difference',
  statementId: 'statement',
  parkId: null,
  verdict: 'missing_here',
  resolution: 'timing',
  note: null,
  resolvedAtMs: 1_000,
};
const first: DifferenceResolved = { type: 'DifferenceResolved', data: resolved };

test('a difference is resolved once: the same again decides nothing, anything else is refused', () => {
  expect(difference.decide(resolved, difference.initial)).toMatchObject({ ok: true, value: [first] });
  const state = difference.evolve(difference.initial, first);
  expect(difference.decide({ ...resolved, resolvedAtMs: 2_000 }, state)).toMatchObject({ ok: true, value: [] });
  const other = difference.decide({ ...resolved, resolution: 'written_off' }, state);
  expect(other).toMatchObject({ ok: false, refusal: { code: 'difference_resolved' } });
});

const line: DifferingMoney = {
  verdict: 'missing_here',
  toldTyiyn: 35_000n,
  bookedTyiyn: null,
  toldFeeTyiyn: 700n,
  agreedFeeTyiyn: 525n,
  resolution: null,
};
const refund = { ...line, toldTyiyn: -35_000n, toldFeeTyiyn: null };
const short = { ...line, verdict: 'amount_differs', toldTyiyn: 34_000n, bookedTyiyn: 35_000n } as const;
const over = { ...short, toldTyiyn: 36_000n } as const;
const lost = { ...line, verdict: 'missing_there', toldTyiyn: null, bookedTyiyn: 35_000n, toldFeeTyiyn: null } as const;
const dear = { ...line, verdict: 'fee_differs', bookedTyiyn: 35_000n } as const;

test.each<[string, DifferingMoney, object]>([
  ['a payment that we know nothing of is unexplained', line, { fee: 700n, unexplained: 35_000n }],
  ['… is nothing when the provider is wrong', { ...line, resolution: 'provider_corrects' }, {}],
  ['… is nothing when it is booked under another name', { ...line, resolution: 'booked_by_hand' }, {}],
  ['… is to come when it is a matter of time', { ...line, resolution: 'timing' }, { fee: 700n }],
  [
    '… is kept when nobody will ask for it',
    { ...line, resolution: 'written_off' },
    { fee: 700n, written_off: 35_000n },
  ],
  ['a refund that we know nothing of stays a claim', refund, {}],
  ['… until it is given up', { ...refund, resolution: 'written_off' }, { written_off: -35_000n }],
  ['what a payment lacks stays a claim', short, { fee: 700n }],
  ['… until it is given up', { ...short, resolution: 'written_off' }, { fee: 700n, written_off: -1_000n }],
  ['what a payment has too much is unexplained', over, { fee: 700n, unexplained: 1_000n }],
  ['… or the provider’s mistake', { ...over, resolution: 'provider_corrects' }, { fee: 700n }],
  ['a payment that the statement lacks stays a claim', lost, {}],
  ['… until it is given up', { ...lost, resolution: 'written_off' }, { written_off: -35_000n }],
  ['of a fee in dispute what was agreed', dear, { fee: 525n }],
  ['… also when the provider will pay the rest back', { ...dear, resolution: 'provider_corrects' }, { fee: 525n }],
  ['… and all of it when it is accepted', { ...dear, resolution: 'fee_accepted' }, { fee: 700n }],
  ['a line that was told before is nothing', { ...line, verdict: 'duplicate' }, {}],
])('%s', (_what, found, money) => {
  expect(Object.fromEntries(moneyOf(found).map(({ kind, amountTyiyn }) => [kind, amountTyiyn]))).toEqual(money);
});

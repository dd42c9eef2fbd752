import { expect, test } from 'vitest';
import { draftOf, ruleOf, type RuleDraft } from './rule.ts';

const EMPTY: RuleDraft = draftOf(null);

test('a form that says nothing gives the day no rule of its own', () => {
  expect(ruleOf(EMPTY)).toBeNull();
  expect(ruleOf({ ...EMPTY, note: '  ' })).toBeNull();
});

test.each([
  ['350', '350.00'],
  ['350,5', '350.50'],
  ['1 200.05', '1200.05'],
  ['cheap', 'cheap'],
])('the amount %s is sent as %s', (typed, sent) => {
  expect(ruleOf({ ...EMPTY, priceOver3: typed })?.price_over_3).toBe(sent);
});

test('a closed day says why in every language, in another one where a text is missing', () => {
  const draft: RuleDraft = { ...EMPTY, state: 'closed', reason: { ru: 'Ремонт', ky: '', en: 'Repairs' } };
  expect(ruleOf(draft)).toMatchObject({ closed: true, reason: { ru: 'Ремонт', ky: 'Ремонт', en: 'Repairs' } });
  expect(ruleOf({ ...draft, state: 'open' })).toMatchObject({ closed: false, reason: null });
});

test('a rule comes back from its form as it was', () => {
  const rule = {
    closed: null,
    open_time: '09:00',
    close_time: '23:00',
    price_under_3: null,
    price_over_3: '500.00',
    price_adult: null,
    day_quota: 0,
    note: 'A festival',
    reason: null,
  };
  expect(ruleOf(draftOf(rule))).toEqual(rule);
});

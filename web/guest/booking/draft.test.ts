import { describe, expect, test } from 'vitest';
import { EMPTY, mostPoints, peopleOf, pricedVisit, visitOf, type Draft } from './draft.ts';

const draft: Draft = { ...EMPTY, date: '2026-12-05', others: [{ key: 'a', name: ' Алина ', age: 5 }] };
const blank = { key: 'b', name: '', age: null };

describe('what a guest put together', () => {
  test('is a visit once a day and a child with an age are said', () => {
    expect(visitOf('osh', { ...draft, promo: ' winter ' }, 'Ребёнок')).toEqual({
      park_id: 'osh',
      visit_date: '2026-12-05',
      children: [{ name: 'Алина', age: 5 }],
      adults: 1,
      promo_code: 'winter',
    });
    expect(visitOf('osh', { ...draft, date: null }, 'Ребёнок')).toBeNull();
    expect(visitOf('osh', { ...draft, others: [] }, 'Ребёнок')).toBeNull();
    expect(visitOf('osh', { ...draft, others: [{ key: 'a', name: 'Алина', age: null }] }, 'Ребёнок')).toBeNull();
  });

  test('is a visit of a pass without a promo code', () => {
    const visit = visitOf('osh', { ...draft, promo: 'winter', passId: 'p' }, 'Ребёнок');
    expect(visit).toMatchObject({ pass_id: 'p' });
    expect(visit).not.toHaveProperty('promo_code');
  });

  test('leaves out a line that nobody touched, unless it is the only one', () => {
    const withBlank = { ...draft, others: [...draft.others, blank] };
    expect(visitOf('osh', withBlank, 'Ребёнок')?.children).toHaveLength(1);
    expect(peopleOf(withBlank)).toBe(2);
    expect(visitOf('osh', { ...draft, others: [blank] }, 'Ребёнок')).toBeNull();
    expect(visitOf('osh', { ...draft, others: [blank], childIds: ['c'] }, 'Ребёнок')?.children).toEqual([
      { child_id: 'c' },
    ]);
  });

  test('calls a child without a name by the word given, and is priced without names', () => {
    const visit = visitOf('osh', { ...draft, others: [{ ...blank, age: 2 }] }, 'Ребёнок');
    expect(visit?.children).toEqual([{ name: 'Ребёнок', age: 2 }]);
    expect(visit === null ? null : pricedVisit(visit).children).toEqual([{ name: 'x', age: 2 }]);
  });

  test('pays at most half of a price with whole points', () => {
    expect(mostPoints(1_000, '350.00')).toBe(175);
    expect(mostPoints(1_000, '351.00')).toBe(175);
    expect(mostPoints(20, '350.00')).toBe(20);
    expect(mostPoints(20, '0.00')).toBe(0);
  });
});

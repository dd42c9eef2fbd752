import { describe, expect, test } from 'vitest';
import { pageOfAll, readPage, type PageRequest } from './page.ts';

const ALL = ['a', 'b', 'c', 'd', 'e'];
const self = (item: string): string => item;
const page = (request: PageRequest, list = 'letters') => readPage(list, request, self, pageOfAll(ALL, self));

describe('a list in pages', () => {
  test.each([1, 2, 3, 4, 5, 6])('of %i gives every item once and ends', async (limit) => {
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const answer = await page({ limit, cursor });
      if (!answer.ok) throw new Error('our own cursor was refused');
      seen.push(...answer.value.items);
      if (answer.value.next === null) break;
      cursor = answer.value.next;
    }
    expect(seen).toEqual(ALL);
  });

  test.each([
    '',
    'AAAA',
    Buffer.from('letters:zz').toString('base64url'),
    Buffer.from('words:b').toString('base64url'),
  ])('refuses %j, which is no cursor of it', async (cursor) => {
    expect(await page({ cursor })).toMatchObject({ ok: false, refusal: { problem: 'validation_failed' } });
  });
});

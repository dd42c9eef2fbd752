import { expect, test } from 'vitest';
import { createSellerOf } from './holds.ts';

test('sellers asked for at the same time share one statement, and nobody sold a ticket that is not there', async () => {
  let statements = 0;
  const rows = async <Row>(): Promise<Row[]> => {
    statements += 1;
    return [
      { id: 'second', soldBy: 'park' },
      { id: 'first', soldBy: 'hq' },
    ] as Row[];
  };
  const sellerOf = createSellerOf({ rows });
  expect(await Promise.all(['first', 'second', 'third', 'first'].map(sellerOf))).toEqual(['hq', 'park', null, 'hq']);
  expect(statements).toBe(1);
});

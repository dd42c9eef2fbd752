import { expect, test } from 'vitest';
import type { DifferenceView } from './differences.ts';
import { createListDifferences, type PaymentInDoubt } from './list-differences.ts';

const NAME = '0A1B2C3D00004000800000000000000F';
const line = (change: Partial<DifferenceView> = {}): DifferenceView => ({
  entry: 1,
  differenceId: 'difference',
  statementId: 'statement',
  method: 'elqr',
  parkId: null,
  line: 2,
  verdict: 'missing_here',
  reference: NAME,
  day: '2026-12-05',
  toldTyiyn: 35_000n,
  bookedTyiyn: null,
  toldFeeTyiyn: null,
  agreedFeeTyiyn: null,
  paymentId: null,
  suggestedPaymentId: 'alike',
  resolved: null,
  ...change,
});
const doubted: PaymentInDoubt = { paymentId: 'doubted', method: 'elqr', parkId: 'dordoi', names: [NAME.toLowerCase()] };
const filter = { open: true, parkId: null, statementId: null, verdict: null, before: null, limit: 20 };

async function suggestedFor(found: DifferenceView, asked: string[] = []) {
  const inDoubt = async (names: readonly string[]) => {
    asked.push(...names);
    return [doubted];
  };
  const [shown] = await createListDifferences({ list: async () => [found] }, inDoubt)(filter);
  return shown?.suggestedPaymentId;
}

test.each([
  ['as it is written', line()],
  ['with hyphens', line({ reference: '0a1b2c3d-0000-4000-8000-00000000000f' })],
  ['in the statement of its park', line({ parkId: 'dordoi' })],
])('a payment in doubt that a line names %s is suggested, rather than one that is alike', async (_name, found) => {
  expect(await suggestedFor(found)).toBe('doubted');
});

test.each([
  ['of another method', line({ method: 'elcard' })],
  ['in the statement of another park', line({ parkId: 'another' })],
  ['by another name', line({ reference: 'FNK-8841' })],
])('a line %s does not name it', async (_name, found) => {
  expect(await suggestedFor(found)).toBe('alike');
});

test.each([
  ['what went out', line({ toldTyiyn: -35_000n })],
  ['what is booked', line({ verdict: 'amount_differs' })],
  ['what is resolved', line({ resolved: { resolution: 'timing', note: null, by: 'user:1', atMs: 0 } })],
])('for %s nobody is asked', async (_name, found) => {
  const asked: string[] = [];
  expect(await suggestedFor(found, asked)).toBe('alike');
  expect(asked).toEqual([]);
});

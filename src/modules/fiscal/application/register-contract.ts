import { afterEach, describe, expect, test } from 'vitest';
import type { FiscalRegister, ReceiptRequest } from '../contract.ts';

/** What the suite needs from an implementation. */
export type RegisterHarness = {
  readonly register: FiscalRegister;
  /** The fiscal module it is asked for. */
  readonly number: string;
  /** How many receipts exist; null where none ever does. */
  readonly issuedCount: (() => Promise<number>) | null;
  /** Lets the next call for a receipt go wrong after the receipt was made; null where there is nothing to go wrong. */
  readonly loseNextAnswer: (() => Promise<void>) | null;
  /** Takes the other side away; null where there is none. */
  readonly away: (() => Promise<void>) | null;
  newId(): string;
  close(): Promise<void>;
};

/** A receipt that every register can issue. */
export const saleOf = (register: string, receiptId: string): ReceiptRequest => ({
  receiptId,
  register,
  totalTyiyn: 95_001n,
  isCash: false,
  document: {
    goods: [
      { name: 'Входной билет: Ребёнок от 3 лет', quantity: 2, priceTyiyn: 35_000n, costTyiyn: 70_000n },
      { name: 'Входной билет: Взрослый', quantity: 1, priceTyiyn: 25_001n, costTyiyn: 25_001n },
    ],
    taxes: [
      { type: 'ST', code: 3, sumTyiyn: 0n },
      { type: 'VAT', code: 1, sumTyiyn: 10_179n },
    ],
    taxSystem: 0,
    itemCode: 0,
  },
  origin: null,
});

/** Defines the tests that every implementation of {@link FiscalRegister} must pass. */
export function describeRegister(name: string, open: () => Promise<RegisterHarness>): void {
  describe(`fiscal register: ${name}`, () => {
    const closing: (() => Promise<void>)[] = [];
    async function opened(): Promise<RegisterHarness> {
      const harness = await open();
      closing.push(harness.close);
      expect(await harness.register.openShift(harness.number)).toEqual({ kind: 'done' });
      return harness;
    }
    afterEach(async () => {
      await Promise.all(closing.splice(0).map((close) => close()));
    });

    test('a sale is issued with all that its QR code needs, or there is none at all', async () => {
      const { register, number, issuedCount, newId } = await opened();
      const outcome = await register.issue(saleOf(number, newId()));
      if (issuedCount === null) return expect(outcome).toEqual({ kind: 'none' });
      expect(outcome).toMatchObject({
        kind: 'issued',
        issued: {
          fnNumber: number,
          fdNumber: expect.stringMatching(/^\d+$/),
          fiscalSign: expect.stringMatching(/^\d+$/),
          registerNumber: expect.stringMatching(/^\d+$/),
          operationType: '1',
          localTime: expect.stringMatching(/^\d{8}T\d{6}$/),
        },
      });
      expect(await issuedCount()).toBe(1);
    });

    test('asked again, also at once and after a lost answer, it has issued one and answers the same one', async () => {
      const { register, number, issuedCount, loseNextAnswer, newId } = await opened();
      const sale = saleOf(number, newId());
      await loseNextAnswer?.();
      const lost = await register.issue(sale);
      expect(lost.kind).toBe(loseNextAnswer === null ? 'none' : 'failed');
      const answers = await Promise.all([register.issue(sale), register.issue(sale)]);
      expect(answers[0]).toEqual(answers[1]);
      if (issuedCount !== null) expect([answers[0].kind, await issuedCount()]).toEqual(['issued', 1]);
    });

    test('a return names the sale, and comes to no more than it', async () => {
      const { register, number, issuedCount, newId } = await opened();
      const sale = saleOf(number, newId());
      const sold = await register.issue(sale);
      if (sold.kind !== 'issued' || issuedCount === null) return expect(sold.kind).toBe('none');
      const { fnNumber, fdNumber } = sold.issued;
      const takeBack = { ...sale, origin: { fnNumber, fdNumber } };
      const returned = await register.issue({ ...takeBack, receiptId: newId() });
      expect(returned).toMatchObject({ kind: 'issued', issued: { fnNumber } });
      expect(returned.kind === 'issued' && returned.issued.operationType).not.toBe('1');
      expect((await register.issue({ ...takeBack, receiptId: newId() })).kind).toBe('refused');
      expect(await issuedCount()).toBe(2);
    });

    test('a shift is opened and closed once, and without one nothing is issued', async () => {
      const { register, number, issuedCount, newId } = await opened();
      if (issuedCount === null) return expect(await register.closeShift(number)).toEqual({ kind: 'done' });
      expect((await register.openShift(number)).kind).toBe('refused');
      expect(await register.closeShift(number)).toEqual({ kind: 'done' });
      expect((await register.closeShift(number)).kind).toBe('refused');
      expect((await register.issue(saleOf(number, newId()))).kind).toBe('refused');
    });

    test('while nobody answers it fails, and throws nothing', async () => {
      const { register, number, away, newId } = await opened();
      await away?.();
      const outcomes = [
        (await register.issue(saleOf(number, newId()))).kind,
        (await register.openShift(number)).kind,
        (await register.closeShift(number)).kind,
      ];
      expect(outcomes).toEqual(away === null ? ['none', 'done', 'done'] : ['failed', 'failed', 'failed']);
    });
  });
}

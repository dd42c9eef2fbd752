import type { ReceiptDocument } from '../contract.ts';

const AMOUNT = /Tyiyn$/;

/** As it is kept: amounts as decimal texts. */
export const documentToJson = (document: ReceiptDocument): string =>
  JSON.stringify(document, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** @param stored what `documentToJson` wrote */
export const documentFromJson = (stored: string): ReceiptDocument =>
  JSON.parse(stored, (key, value: unknown) =>
    AMOUNT.test(key) && typeof value === 'string' ? BigInt(value) : value,
  ) as ReceiptDocument;

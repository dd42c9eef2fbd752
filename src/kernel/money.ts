import { assert } from './assert.ts';

/** An amount in tyiyn (1 som = 100 tyiyn). Money is a bigint inside, a decimal string at every edge, never a float. */
export type Tyiyn = bigint;

const SOM = /^(0|[1-9]\d{0,9})\.(\d{2})$/;

/** `35000n` → `"350.00"`, the form of the API and of DECIMAL(10,2). */
export function formatSom(tyiyn: Tyiyn): string {
  const magnitude = tyiyn < 0n ? -tyiyn : tyiyn;
  const text = magnitude.toString().padStart(3, '0');
  return `${tyiyn < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** `"350.00"` → `35000n`; null for anything but a non-negative amount with exactly two digits after the point. */
export function parseSom(text: string): Tyiyn | null {
  const match = SOM.exec(text);
  return match === null ? null : BigInt(`${match[1]}${match[2]}`);
}

/**
 * The amount of a text that we wrote ourselves, such as a DECIMAL column.
 * @throws BrokenInvariant when it is not what `parseSom` reads
 */
export function trustedSom(text: string): Tyiyn {
  const tyiyn = parseSom(text);
  assert(tyiyn !== null, `not an amount: ${text}`);
  return tyiyn;
}

/**
 * `tyiyn × percent / 100`, half up to a whole tyiyn. `percent` is an integer from 0 to 100.
 * @throws RangeError on a percent outside that range or a negative amount.
 */
export function percentOf(tyiyn: Tyiyn, percent: number): Tyiyn {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    throw new RangeError(`percent out of range: ${percent}`);
  if (tyiyn < 0n) throw new RangeError('percent of a negative amount');
  return (tyiyn * BigInt(percent) + 50n) / 100n;
}

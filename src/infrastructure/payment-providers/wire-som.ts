import { assert } from '../../kernel/assert.ts';
import { formatSom } from '../../kernel/money.ts';

/**
 * An amount as some providers write it: a JSON number in som with at most two decimals. The brand keeps it apart from our
 * amounts in tyiyn (bigint) and from plain numbers, so that a factor of 100 cannot slip in without a type error.
 */
export type WireSom = number & { readonly wireUnit: 'som' };

const SOM_NUMBER = /^(0|[1-9]\d{0,9})(\.\d{1,2})?$/;

/** Whether a number can be an amount in som: not negative, at most ten digits before the point and two behind it. */
export const isWireSom = (value: unknown): value is WireSom =>
  typeof value === 'number' && SOM_NUMBER.test(String(value));

/** @throws BrokenInvariant on a negative amount or one of 10 000 000 000 som and more. */
export function toWireSom(amountTyiyn: bigint): WireSom {
  const value = Number(formatSom(amountTyiyn));
  assert(isWireSom(value), `no amount for a provider: ${amountTyiyn} tyiyn`);
  return value;
}

/** Exact: goes through the number's decimal text, never through a multiplication. */
export function wireSomToTyiyn(value: WireSom): bigint {
  const [whole = '0', fraction = ''] = String(value).split('.');
  return BigInt(whole + fraction.padEnd(2, '0'));
}

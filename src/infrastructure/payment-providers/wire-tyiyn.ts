/**
 * An amount as hosted-page card APIs write it: a whole number of tyiyn. The brand keeps it apart from amounts in som and from
 * plain numbers, so that a factor of 100 cannot slip in without a type error.
 */
export type WireTyiyn = number & { readonly wireUnit: 'tyiyn' };

/** The same as the digits of a form. */
export type WireTyiynText = string & { readonly wireUnit: 'tyiyn' };

export const toWireTyiyn = (amountTyiyn: bigint): WireTyiynText => amountTyiyn.toString() as WireTyiynText;

export const wireTyiynToTyiyn = (value: WireTyiyn): bigint => BigInt(value);

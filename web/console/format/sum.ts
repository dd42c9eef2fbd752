/** Adds amounts as the API writes them, to the tyiyn. */
export function sumOf(amounts: readonly string[]): string {
  const tyiyn = amounts.reduce((total, amount) => total + toTyiyn(amount), 0n);
  const digits = String(tyiyn < 0n ? -tyiyn : tyiyn).padStart(3, '0');
  return `${tyiyn < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const toTyiyn = (amount: string): bigint => BigInt(amount.replace('.', ''));

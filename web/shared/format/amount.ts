/** A sum as people type it, `350`, `1 500` or `1500,5`, as the API writes it; null for anything else. */
export function readSum(typed: string): string | null {
  const plain = typed.replaceAll(/\s/g, '').replace(',', '.');
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(plain);
  return match === null ? null : `${match[1]}.${(match[2] ?? '').padEnd(2, '0')}`;
}

/** The same for a field that may be empty: null for nothing. What is no sum is sent as it is, and the node says what is wrong with it. */
export function amountOf(typed: string): string | null {
  const text = typed.trim();
  return text === '' ? null : (readSum(text) ?? text);
}

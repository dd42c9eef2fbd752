/**
 * An amount that somebody typed, as the API writes it: `350`, `350,5` and `350.50` are plain to people. What is no amount is
 * sent as it is, and the node says what is wrong with it. Null for nothing.
 */
export function amountOf(text: string): string | null {
  const clean = text.replace(',', '.').replaceAll(/\s/g, '');
  if (clean === '') return null;
  if (!/^\d+(\.\d{1,2})?$/.test(clean)) return clean;
  const [som = '', tyiyn = ''] = clean.split('.');
  return `${som}.${tyiyn.padEnd(2, '0')}`;
}

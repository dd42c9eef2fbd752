const LONGEST = 100;
const CONTROL = /\p{Cc}/u;

/**
 * A person's name as it is kept: without spaces around it, 1 to 100 characters (code points), no line ends or other control
 * characters, which would reach receipts, CSV files and logs. Null when the text is no such name.
 */
export function parsePersonName(text: string): string | null {
  const name = text.trim();
  if (name === '' || CONTROL.test(name) || [...name].length > LONGEST) return null;
  return name;
}

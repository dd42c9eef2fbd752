const LONGEST = 100;
/** Control characters, line and paragraph separators, halves of surrogate pairs. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;
/** A letter or a digit that is drawn; some letters, such as the Hangul fillers, are not. */
const VISIBLE = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]/u;

/**
 * A name as it is kept: in NFC, without spaces around it, 1 to 100 characters (code points), with something to call by, and
 * without line ends or other control characters, which would reach receipts, CSV files and logs. Null when it is no such name.
 */
export function parsePersonName(text: string): string | null {
  const name = text.trim().normalize('NFC');
  if (FORBIDDEN.test(name) || !VISIBLE.test(name) || [...name].length > LONGEST) return null;
  return name;
}

/** A scanner that types types faster than any person. */
const BETWEEN_KEYS_MS = 60;
const SHORTEST_CODE = 8;

/** What stands on a key of an American keyboard, alone and with Shift, beside letters and digits; as codes have it. */
const ON_KEYS: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  Period: ['.', '>'],
  Comma: [',', '<'],
  Slash: ['/', '?'],
  Semicolon: [';', ':'],
};

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>;

/**
 * The character that a scanner typed. It presses keys as of an American keyboard, of which the device makes letters of the layout that is set:
 * of Russian and Kyrgyz ones none that stands in a code.
 */
export function typedBy({ key, code, shiftKey }: Key): string {
  if (key.length !== 1) return '';
  if (key >= ' ' && key <= '~') return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  return digit ?? ON_KEYS[code]?.[shiftKey ? 1 : 0] ?? key;
}

/**
 * Listens for a scanner that is connected as a keyboard: characters one after the other in no time, then Enter. What a person
 * types into a field is left alone.
 * @returns ends it
 */
export function listenToWedge(onCode: (code: string) => unknown): () => void {
  let typed = '';
  let lastMs = 0;
  const hear = (event: KeyboardEvent): void => {
    const isFast = event.timeStamp - lastMs < BETWEEN_KEYS_MS;
    lastMs = event.timeStamp;
    if (!isFast) typed = '';
    if (event.key === 'Enter') {
      if (isFast && typed.length >= SHORTEST_CODE) {
        event.preventDefault();
        onCode(typed);
      }
      typed = '';
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) typed += typedBy(event);
  };
  addEventListener('keydown', hear, { capture: true });
  return () => removeEventListener('keydown', hear, { capture: true });
}

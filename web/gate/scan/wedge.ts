/** A scanner that types types faster than any person. */
const BETWEEN_KEYS_MS = 60;
const SHORTEST_CODE = 8;

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
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) typed += event.key;
  };
  addEventListener('keydown', hear, { capture: true });
  return () => removeEventListener('keydown', hear, { capture: true });
}

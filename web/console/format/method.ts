import { texts } from '../texts/texts.ts';

/** What a way to pay is called; one that this console does not know yet is called as the node calls it. */
export function nameOfMethod(method: string): string {
  const names: Readonly<Record<string, string>> = texts().methods;
  return names[method] ?? method;
}

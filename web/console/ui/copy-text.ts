import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';

/** Copies a text to be pasted elsewhere, and says whether it could. */
export async function copyText(text: string): Promise<void> {
  const { nodes: words } = texts();
  try {
    await navigator.clipboard.writeText(text);
    say(words.copied);
  } catch {
    say(words.notCopied, 'warn');
  }
}

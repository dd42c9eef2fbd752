import { signal } from '@preact/signals';
import type { Language } from './language-list.ts';
import { language, remember } from './language.ts';

export type Texts<All> = {
  /** The texts of the language in force. Components that read them are drawn anew when it changes. */
  (): All;
  /** Brings a language; the one before is shown until it is here. */
  readonly use: (chosen: Language) => Promise<void>;
};

/**
 * The texts of an app. Each language is a file of its own, fetched when it is chosen; all are kept for work without a network.
 * That no language lacks a text is the compiler's business: each file is of the same type.
 */
export function createTexts<All>(
  files: Readonly<Record<Language, () => Promise<{ readonly texts: All }>>>,
): Texts<All> {
  const current = signal<All | null>(null);
  const read = (): All => {
    if (current.value === null) throw new Error('the texts were not fetched before the first drawing');
    return current.value;
  };
  let newest: Language | null = null;
  const use = async (chosen: Language): Promise<void> => {
    newest = chosen;
    const { texts } = await files[chosen]();
    // Another one was chosen while this one was on its way.
    if (newest !== chosen) return;
    current.value = texts;
    language.value = chosen;
    remember(chosen);
  };
  return Object.assign(read, { use });
}

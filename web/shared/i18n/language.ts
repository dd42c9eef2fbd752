import { signal } from '@preact/signals';
import { LANGUAGES, type Language } from './language-list.ts';

const KEY = 'skypark.language';

const isLanguage = (text: string | null): text is Language => LANGUAGES.some((one) => one === text);

/** The language chosen here before, else the first of the browser's that we speak, else Russian. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEY);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'ru';
}

/** The language of all texts, dates and amounts, and of what the node is asked for. */
export const language = signal<Language>(firstLanguage());

export function remember(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
  document.documentElement.lang = chosen;
}

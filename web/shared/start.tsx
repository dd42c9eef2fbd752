import { render, type ComponentChildren } from 'preact';
import './look/theme.ts';
import type { Language } from './i18n/language-list.ts';
import { language } from './i18n/language.ts';
import { keepForOffline } from './pwa/register.ts';

type Start = {
  /** The address that the app lives below. */
  readonly base: string;
  readonly use: (chosen: Language) => Promise<void>;
  readonly app: ComponentChildren;
};

/**
 * Begins an app: its texts first, then its first drawing, then what keeps it for work without a network. No module may wait for
 * it: the texts are in a file that imports from the one that begins.
 */
export async function start({ base, use, app }: Start): Promise<void> {
  await use(language.value);
  const place = document.querySelector('#app');
  if (place === null) throw new Error('the page has no place for the app');
  // What a page shows before its app is there.
  place.replaceChildren();
  render(app, place);
  await keepForOffline(base);
}

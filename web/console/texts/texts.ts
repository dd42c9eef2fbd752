import { createTexts } from '../../shared/i18n/texts.ts';
import type { AppTexts } from './app-texts.ts';

/** The texts of this app in the language in force. */
export const texts = createTexts<AppTexts>({
  ru: () => import('./ru.ts'),
  ky: () => import('./ky.ts'),
  en: () => import('./en.ts'),
});

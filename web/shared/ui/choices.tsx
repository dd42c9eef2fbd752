import { chooseTheme, theme, type Theme } from '../look/theme.ts';
import { common } from '../i18n/common.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../i18n/language-list.ts';
import { language } from '../i18n/language.ts';

/** Chooses the language of the pages. */
export const LanguageChoice = ({ use }: { readonly use: (chosen: Language) => unknown }) => (
  <select
    class="plain-select"
    aria-label={common().language}
    value={language.value}
    onChange={({ currentTarget }) => {
      const chosen = LANGUAGES.find((one) => one === currentTarget.value);
      if (chosen !== undefined) void use(chosen);
    }}
  >
    {LANGUAGES.map((one) => (
      <option key={one} value={one} lang={one}>
        {LANGUAGE_NAMES[one]}
      </option>
    ))}
  </select>
);

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** Chooses how the pages look. */
export const ThemeChoice = () => (
  <select
    class="plain-select"
    aria-label={common().theme}
    value={theme.value}
    onChange={({ currentTarget }) => chooseTheme(THEMES.find((one) => one === currentTarget.value) ?? 'auto')}
  >
    {THEMES.map((one) => (
      <option key={one} value={one}>
        {common().themes[one]}
      </option>
    ))}
  </select>
);

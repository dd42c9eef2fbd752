import { signal } from '@preact/signals';

const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'skypark.theme';
const found = THEMES.find((one) => one === localStorage.getItem(KEY));

/** How the pages look; `auto` follows the device. */
export const theme = signal<Theme>(found ?? 'auto');

const apply = (chosen: Theme): void => {
  if (chosen === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
};

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem(KEY, chosen);
  apply(chosen);
}

apply(theme.value);

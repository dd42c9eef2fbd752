import { signal } from '@preact/signals';

const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'skypark.theme';
const found = THEMES.find((one) => one === localStorage.getItem(KEY));

/** What was chosen; `auto` follows the device. */
export const theme = signal<Theme>(found ?? 'auto');

/** What is in force. */
export const shownTheme = signal<'light' | 'dark'>('light');

const darkDevice = matchMedia('(prefers-color-scheme: dark)');

/** What is in force is written down for the styles, so that they know each theme once. */
function apply(): void {
  const device = darkDevice.matches ? 'dark' : 'light';
  const shown = theme.value === 'auto' ? device : theme.value;
  document.documentElement.dataset.theme = shown;
  shownTheme.value = shown;
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem(KEY, chosen);
  apply();
}

darkDevice.addEventListener('change', apply);
// Paper is light, whatever the screen is.
addEventListener('beforeprint', () => (document.documentElement.dataset.theme = 'light'));
addEventListener('afterprint', apply);
apply();

import type { AppTexts } from '../app-texts.ts';

export const shifts: AppTexts['shifts'] = {
  title: 'Касса сменалары',
  none: 'Азырынча смена болгон жок.',
  cashier: 'Кассир',
  opened: 'Башталышы',
  closed: 'Аягы',
  float: 'Кассада болгон',
  taken: 'Алынды',
  paidOut: 'Берилди',
  expected: 'Болушу керек',
  counted: 'Саналды',
  difference: 'Айырма',
  open: 'ачык',
  right: 'туура келет',
};

import type { AppTexts } from '../app-texts.ts';

export const shifts: AppTexts['shifts'] = {
  title: 'Касса нөөмөттөрү',
  none: 'Азырынча нөөмөт болгон жок.',
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

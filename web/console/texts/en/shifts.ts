import type { AppTexts } from '../app-texts.ts';

export const shifts: AppTexts['shifts'] = {
  title: 'Shifts',
  none: 'There were no shifts yet.',
  cashier: 'Cashier',
  opened: 'Began',
  closed: 'Ended',
  float: 'Float',
  taken: 'Taken',
  paidOut: 'Paid out',
  expected: 'Expected',
  counted: 'Counted',
  difference: 'Difference',
  open: 'open',
  right: 'right',
};

import type { AppTexts } from '../app-texts.ts';

export const pictures: AppTexts['pictures'] = {
  title: 'Pictures',
  lead: 'The first one stands in the list of parks.',
  none: 'There are no pictures: guests see a drawing.',
  numbered: (number) => `Picture ${number}`,
  earlier: 'Earlier',
  remove: 'Remove',
  add: 'Add a picture',
  added: 'The picture is added',
  moved: 'The order is changed',
  removed: 'The picture is removed',
};

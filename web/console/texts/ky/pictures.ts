import type { AppTexts } from '../app-texts.ts';

export const pictures: AppTexts['pictures'] = {
  title: 'Сүрөттөр',
  lead: 'Биринчиси парктардын тизмесинде турат.',
  none: 'Сүрөт жок: конокторго тартылган сүрөт көрүнөт.',
  numbered: (number) => `${number}-сүрөт`,
  earlier: 'Алдыга',
  remove: 'Өчүрүү',
  add: 'Сүрөт кошуу',
  added: 'Сүрөт кошулду',
  moved: 'Тартиби өзгөрдү',
  removed: 'Сүрөт өчүрүлдү',
};

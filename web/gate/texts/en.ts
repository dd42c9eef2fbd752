import type { AppTexts } from './app-texts.ts';

export const texts: AppTexts = {
  title: 'Parks',
};

import type { texts } from './ru.ts';

/** Every text of the app. Those with a number or a name in them are functions. Russian has them all; the others have the same. */
export type AppTexts = typeof texts;

/** Every text of the app. Those with a number or a name in them are functions. */
export type AppTexts = {
  readonly title: string;
};

/** Port: reads phone numbers the way people write them. */
export type PhoneNumbers = {
  /** The number in E.164 (`+996555123456`), or null when the text is not exactly one mobile number. */
  parse(text: string): string | null;
};

/** The scope of the claim that keeps a number with one account; its key is the number's blind index. */
export const PHONE_SCOPE = 'phone';

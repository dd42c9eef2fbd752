import type { Language } from '../../../kernel/human-text.ts';
import type { CodePurpose } from './one-time-code.ts';

type Text = (code: string) => string;

/** A text in Cyrillic letters has 70 characters in one message; each further message costs as much again. */
const TEXTS: Readonly<Record<Language, Readonly<Record<CodePurpose, Text>>>> = {
  ru: {
    login: (code) => `Sky Park: код входа ${code}. Никому его не говорите.`,
    reset: (code) => `Sky Park: код для смены пароля ${code}. Никому его не говорите.`,
    verify: (code) => `Sky Park: код подтверждения ${code}. Никому его не говорите.`,
  },
  ky: {
    login: (code) => `Sky Park: кирүү коду ${code}. Аны эч кимге айтпаңыз.`,
    reset: (code) => `Sky Park: сырсөздү алмаштыруу коду ${code}. Эч кимге айтпаңыз.`,
    verify: (code) => `Sky Park: номерди ырастоо коду ${code}. Аны эч кимге айтпаңыз.`,
  },
  en: {
    login: (code) => `Sky Park: ${code} is your code to sign in. Tell nobody.`,
    reset: (code) => `Sky Park: ${code} is your code to set a new password. Tell nobody.`,
    verify: (code) => `Sky Park: ${code} is your code to confirm the number. Tell nobody.`,
  },
};

type Written = { readonly code: string; readonly purpose: CodePurpose; readonly language: Language };

/** A code as its receiver reads it: what it is for, and that nobody else needs it. */
export const codeText = ({ code, purpose, language }: Written): string => TEXTS[language][purpose](code);

import { common } from '../i18n/common.ts';
import { language } from '../i18n/language.ts';
import type { Problem } from './outcome.ts';

/** What went wrong in the reader's language: in short, and at more length; both are the same where there is no more to say. */
export type ProblemWords = { readonly title: string; readonly detail: string };

/** The node titles a problem in the reader's language, and says the particulars in English; those of fields are said at the fields. */
export function problemInWords({ code, title, detail, fields }: Problem): ProblemWords {
  if (code === 'offline') return { title: common().offlineTitle, detail: common().offline };
  if (title === '') return { title: common().internalTitle, detail: common().internal };
  return { title, detail: language.value === 'en' && fields.length === 0 ? detail : title };
}

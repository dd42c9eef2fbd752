import { Field } from '../ui/form.tsx';
import { typed } from '../ui/typed.ts';
import { words } from './words.ts';

const DIGITS = 6;

/** The code of the app that was typed; apps show it as two groups, and people type it so. */
export const appCodeFrom = (fields: FormData): string => typed(fields, 'code').replaceAll(/\s/g, '');

/** Where the code of the app is typed. */
export const AppCodeField = ({ hint }: { readonly hint?: string }) => (
  <Field
    label={words().code}
    name="code"
    inputMode="numeric"
    autocomplete="one-time-code"
    {...(hint === undefined ? {} : { hint })}
    required
    minLength={DIGITS}
    maxLength={DIGITS + 1}
  />
);

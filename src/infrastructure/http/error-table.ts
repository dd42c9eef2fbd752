import { ACCOUNT_ERRORS } from './errors/account-errors.ts';
import type { ErrorEntry, Language } from './errors/entry.ts';
import { NODE_ERRORS } from './errors/node-errors.ts';
import { OFFICE_ERRORS } from './errors/office-errors.ts';
import { PARK_ERRORS } from './errors/park-errors.ts';
import { PAYMENT_ERRORS } from './errors/payment-errors.ts';
import { REQUEST_ERRORS } from './errors/request-errors.ts';
import { TICKET_ERRORS } from './errors/ticket-errors.ts';

export type { Language };

/**
 * Every refusal that the API can answer. Codes are stable: clients switch on them. Texts are for people and may improve.
 * `docs/generated/errors.md` and the OpenAPI document are generated from here.
 */
const ERRORS = {
  ...REQUEST_ERRORS,
  ...ACCOUNT_ERRORS,
  ...PARK_ERRORS,
  ...TICKET_ERRORS,
  ...PAYMENT_ERRORS,
  ...OFFICE_ERRORS,
  ...NODE_ERRORS,
} satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** The row of a code, with its optional columns visible. */
export const errorEntry = (code: ErrorCode): ErrorEntry => ERRORS[code];

/** Whether a text is one of the codes. */
export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text);

/** All codes, by status and then by name. */
export const errorCodes = (): ErrorCode[] =>
  Object.keys(ERRORS)
    .filter(isErrorCode)
    .toSorted((a, b) => ERRORS[a].status - ERRORS[b].status || (a < b ? -1 : 1));

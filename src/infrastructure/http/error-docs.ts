import { errorCodes, errorEntry } from './error-table.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The text of `docs/errors.md`: every code with its status and its titles. */
export function renderErrorDocs(): string {
  const rows = errorCodes().map((code) => {
    const { status, title, retryAfterSeconds } = errorEntry(code);
    const retry = retryAfterSeconds === undefined ? '' : `${retryAfterSeconds} s`;
    return `| ${status} | \`${code}\` | ${cell(title.en)} | ${cell(title.ru)} | ${cell(title.ky)} | ${retry} |`;
  });
  return [
    '# Errors',
    '',
    'Generated from `src/infrastructure/http/errors`; do not edit.',
    '',
    'Every refusal is `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, `instance`, and besides',
    'them `code` (stable), `error` (the text of `detail`), `request_id`, and `errors` (`path`, `message`) when fields are wrong.',
    'Titles follow `Accept-Language`; codes never change.',
    '',
    '| status | code | en | ru | ky | Retry-After |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

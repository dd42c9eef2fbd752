import { isForbiddenName } from './strict-json.ts';

const MAX_PARAMETERS = 50;

/** Why a query string was refused. It travels under a symbol, which schemas and spreads of known fields never see. */
const FAULT = Symbol('query fault');

export type ParsedQuery = { [FAULT]?: string; [name: string]: string };

/** Without a prototype, so that no name finds anything but a parameter. */
function emptyQuery(): ParsedQuery {
  const query: ParsedQuery = {};
  Object.setPrototypeOf(query, null);
  return query;
}

function decode(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return null;
  }
}

function faulty(detail: string): ParsedQuery {
  const query = emptyQuery();
  query[FAULT] = detail;
  return query;
}

/**
 * Parses a query string in which every parameter stands at most once. It never throws, because the router calls it
 * outside of any error handler: ask {@link queryFault} for what is wrong.
 */
export function parseStrictQuery(text: string): ParsedQuery {
  const query = emptyQuery();
  if (text === '') return query;
  const pairs = text.split('&', MAX_PARAMETERS + 1);
  if (pairs.length > MAX_PARAMETERS) return faulty(`The query has more than ${MAX_PARAMETERS} parameters.`);
  for (const pair of pairs) {
    if (pair === '') continue;
    const split = pair.indexOf('=');
    const name = decode(split < 0 ? pair : pair.slice(0, split));
    const value = decode(split < 0 ? '' : pair.slice(split + 1));
    if (name === null || value === null) return faulty('The query has a broken percent-escape.');
    if (name.includes('\0') || value.includes('\0')) return faulty('The query contains a NUL character.');
    if (isForbiddenName(name)) return faulty('A query parameter has a reserved name.');
    if (name in query) return faulty(`The query parameter ${JSON.stringify(name.slice(0, 40))} stands twice.`);
    query[name] = value;
  }
  return query;
}

/** What was wrong with a parsed query string, or undefined. */
export const queryFault = (query: unknown): string | undefined =>
  typeof query === 'object' && query !== null && FAULT in query && typeof query[FAULT] === 'string'
    ? query[FAULT]
    : undefined;

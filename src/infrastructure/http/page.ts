import { ok, refuse, type Result } from '../../kernel/result.ts';
import { problem } from './problem.ts';

/** Items of a page when the caller names no number. */
const DEFAULT_LIMIT = 20;

export type PageRequest = { readonly limit?: number | undefined; readonly cursor?: string | undefined };

const writeCursor = (list: string, after: string): string => Buffer.from(`${list}:${after}`).toString('base64url');

/** The key in a cursor of this list, or null for anything we did not write. */
function readCursor(list: string, cursor: string): string | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const after = text.startsWith(`${list}:`) ? text.slice(list.length + 1) : null;
  return after !== null && writeCursor(list, after) === cursor ? after : null;
}

const BAD_CURSOR = problem('validation_failed', {
  errors: [{ path: 'cursor', message: 'is not a cursor of this list' }],
});

/**
 * A page of a list that is read a page at a time.
 * @param keyOf what the cursor names: the list goes on after it
 * @param read the next `limit` items after a key; null asks for the first. It answers null when the key cannot be one.
 */
export async function readPage<Item>(
  list: string,
  { limit = DEFAULT_LIMIT, cursor }: PageRequest,
  keyOf: (item: Item) => string,
  read: (after: string | null, limit: number) => Promise<readonly Item[] | null>,
): Promise<Result<{ readonly items: readonly Item[]; readonly next: string | null }, typeof BAD_CURSOR>> {
  const after = cursor === undefined ? null : readCursor(list, cursor);
  if (cursor !== undefined && after === null) return refuse(BAD_CURSOR);
  // One more than asked tells whether there is a next page.
  const found = await read(after, limit + 1);
  if (found === null) return refuse(BAD_CURSOR);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return ok({ items, next: found.length > limit && last !== undefined ? writeCursor(list, keyOf(last)) : null });
}

/** For lists so short that they are read whole. */
export const pageOfAll =
  <Item>(all: readonly Item[], keyOf: (item: Item) => string) =>
  async (after: string | null, limit: number): Promise<readonly Item[] | null> => {
    const start = after === null ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
    return after !== null && start === 0 ? null : all.slice(start, start + limit);
  };

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Outcome } from './outcome.ts';
import { useLoad, type Loading } from './use-load.ts';

export type ListPage<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null };

export type Pages<Item> = {
  readonly page: Loading<ListPage<Item>>;
  /** Counted from 1. */
  readonly number: number;
  readonly next: (() => void) | null;
  readonly previous: (() => void) | null;
};

/** A list that the node gives page by page. It begins anew when one of `inputs` changes. */
export function usePages<Item>(
  load: (cursor: string | undefined) => Promise<Outcome<ListPage<Item>>>,
  inputs: readonly unknown[],
): Pages<Item> {
  /** The cursors that led here; the first page has none. */
  const trail = useSignal<readonly string[]>([]);
  const key = JSON.stringify(inputs);
  const shownFor = useSignal(key);
  // In the same breath as the inputs: the first page of another list is never asked for by the cursor of this one.
  const cursor = shownFor.value === key ? trail.value.at(-1) : undefined;
  useEffect(() => {
    if (shownFor.value === key) return;
    shownFor.value = key;
    trail.value = [];
  }, [key]);
  const page = useLoad(async () => {
    const shown = await load(cursor);
    // What was on a later page is gone: the one before it has some. Whoever went on meanwhile is not called back.
    const isGone = cursor !== undefined && shown.ok && shown.value.items.length === 0;
    if (isGone && trail.peek().at(-1) === cursor) trail.value = trail.peek().slice(0, -1);
    return shown;
  }, [key, cursor]);
  const following = page.value?.next_cursor ?? null;
  return {
    page,
    number: trail.value.length + 1,
    next: following === null || page.isLoading ? null : () => (trail.value = [...trail.value, following]),
    previous: trail.value.length === 0 || page.isLoading ? null : () => (trail.value = trail.value.slice(0, -1)),
  };
}

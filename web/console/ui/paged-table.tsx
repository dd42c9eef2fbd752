import { ChevronLeft, ChevronRight } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { texts } from '../texts/texts.ts';
import { DataTable, type Column } from './data-table.tsx';
import { Empty } from './empty.tsx';
import type { Pages } from '../../shared/api/use-pages.ts';

type Props<Row> = {
  readonly caption: string;
  readonly of: Pages<Row>;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What to read where there is nothing. */
  readonly empty: string;
};

/** A list of the node, a page at a time. */
export function PagedTable<Row>({ caption, of: { page, number, next, previous }, columns, keyOf, empty }: Props<Row>) {
  const { table: words } = texts();
  return (
    <Loaded of={page} skeletons={1}>
      {({ items }) => (
        <div class="stack" aria-busy={page.isLoading}>
          {items.length === 0 ? (
            <Empty>{empty}</Empty>
          ) : (
            <DataTable caption={caption} columns={columns} rows={items} keyOf={keyOf} />
          )}
          {(previous !== null || next !== null || number > 1) && (
            <nav class="row pager" aria-label={words.pages}>
              <button type="button" class="secondary" disabled={previous === null} onClick={() => previous?.()}>
                <Icon of={ChevronLeft} /> {words.previous}
              </button>
              <span role="status">{words.page(number)}</span>
              <button type="button" class="secondary" disabled={next === null} onClick={() => next?.()}>
                {words.next} <Icon of={ChevronRight} />
              </button>
            </nav>
          )}
        </div>
      )}
    </Loaded>
  );
}

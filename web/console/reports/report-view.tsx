import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Download } from 'lucide';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownDay } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { texts } from '../texts/texts.ts';
import { DataTable } from '../ui/data-table.tsx';
import { download } from '../ui/download.ts';
import { Empty } from '../ui/empty.tsx';
import { Plot } from '../ui/plot.tsx';
import { daysOf } from './days.ts';
import type { Report, Scope } from './report.ts';

/** A report whatever its lines are. */
export type ShownReport = Pick<Report<never>, 'key' | 'roles'> & {
  readonly View: (props: { readonly scope: Scope }) => VNode;
};

export const shown = <Row,>(report: Report<Row>): ShownReport => ({
  key: report.key,
  roles: report.roles,
  View: ({ scope }) => <ReportView report={report} scope={scope} />,
});

/** How many lines are shown at once; the file has them all. */
const LINES = 50;

function Lines<Row>({ report, rows }: { readonly report: Report<Row>; readonly rows: readonly Row[] }) {
  const { reports: words } = texts();
  const shownLines = useSignal(LINES);
  return (
    <>
      <DataTable
        caption={words.names[report.key]}
        columns={report.columns()}
        rows={rows.slice(0, shownLines.value)}
        keyOf={(row) => JSON.stringify(row)}
      />
      {rows.length > shownLines.value && (
        <button type="button" class="secondary" onClick={() => (shownLines.value += LINES)}>
          {words.more(rows.length - shownLines.value)}
        </button>
      )}
    </>
  );
}

function ReportView<Row>({ report, scope }: { readonly report: Report<Row>; readonly scope: Scope }) {
  const { reports: words } = texts();
  const { from, to, parkId } = scope;
  const loaded = useLoad(() => report.load(scope), [from, to, parkId]);
  const days = daysOf(from, to);
  const name = `${report.key}-${parkId ?? 'all'}-${from}-${to}.csv`;
  return (
    <Loaded of={loaded} skeletons={2}>
      {({ items }) => (
        <div class="stack" aria-busy={loaded.isLoading}>
          <div class="row spread">
            <p class="muted">{words.leads[report.key]}</p>
            <BusyButton class="secondary" onPress={() => download(report.file(scope), name)}>
              <Icon of={Download} /> {words.download}
            </BusyButton>
          </div>
          {items.length === 0 ? (
            <Empty>{words.nothing}</Empty>
          ) : (
            <>
              {report.lines !== undefined && (
                <Plot
                  caption={words.names[report.key]}
                  places={days.map((day) => `${Number(day.slice(8))}.${day.slice(5, 7)}`)}
                  longPlaces={days.map(shownDay)}
                  lines={report.lines(days, items)}
                />
              )}
              <Lines key={name} report={report} rows={items.toReversed()} />
            </>
          )}
        </div>
      )}
    </Loaded>
  );
}

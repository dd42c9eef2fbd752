import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { plusDays, today } from '../../shared/format/day.ts';
import { Field } from '../../shared/ui/form.tsx';
import { parkInView } from '../session/parks.ts';
import { may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { ADMISSIONS, LEDGER, LOYALTY, OCCUPANCY, PAYMENTS, SALES } from './all-reports.ts';
import { shown, type ShownReport } from './report-view.tsx';
import type { Scope } from './report.ts';

const SALES_REPORT = shown(SALES);
const REPORTS: readonly ShownReport[] = [
  SALES_REPORT,
  shown(ADMISSIONS),
  shown(OCCUPANCY),
  shown(PAYMENTS),
  shown(LOYALTY),
  shown(LEDGER),
];

const PERIODS = { week: 7, month: 30, quarter: 90 } as const;
type Period = keyof typeof PERIODS | 'own';

/** Whoever types a year passes by the years of its first digits. */
const DATE = /^20\d\d-\d\d-\d\d$/;

/** The days that the address asks for, seven if it asks for none. */
function periodOf(query: Readonly<Record<string, string>>): { readonly from: string; readonly to: string } {
  const { from = '', to = '' } = query;
  if (DATE.test(from) && DATE.test(to)) return { from, to };
  return { from: plusDays(today(), 1 - PERIODS.week), to: today() };
}

const nameOf = (from: string, to: string): Period =>
  (['week', 'month', 'quarter'] as const).find((one) => to === today() && from === plusDays(to, 1 - PERIODS[one])) ??
  'own';

/** The figures of a period, as a plot, a table and a file. What is chosen is in the address, so it can be kept and sent. */
export function ReportsPage() {
  const { reports: words, sections } = texts();
  const { query, route } = useLocation();
  /** Counts choices of a whole period: the fields of its days are drawn anew by it, and not while somebody types. */
  const presets = useSignal(0);
  const open = REPORTS.filter(({ roles }) => may(roles, parkInView.value));
  const report = REPORTS.find(({ key }) => key === query['report']) ?? SALES_REPORT;
  const { from, to } = periodOf(query);
  const choose = (change: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams({ report: report.key, from, to, ...change });
    route(`/console/reports?${next.toString()}`, true);
  };
  return (
    <Page title={sections.reports}>
      <div class="filters">
        <SelectField
          label={words.report}
          value={report.key}
          options={(open.length === 0 ? REPORTS : open).map(({ key }) => ({ value: key, label: words.names[key] }))}
          onChange={(key) => choose({ report: key })}
        />
        <SelectField<Period>
          label={words.period}
          value={nameOf(from, to)}
          options={(['week', 'month', 'quarter', 'own'] as const).map((value) => ({
            value,
            label: words.periods[value],
          }))}
          onChange={(period) => {
            presets.value += 1;
            if (period !== 'own') choose({ from: plusDays(today(), 1 - PERIODS[period]), to: today() });
            else choose({ from: plusDays(today(), -PERIODS.week), to: plusDays(today(), -1) });
          }}
        />
        <Field
          key={`from ${presets.value}`}
          label={words.from}
          name="from"
          type="date"
          defaultValue={from}
          max={to}
          onInput={(value) => DATE.test(value) && choose({ from: value })}
        />
        <Field
          key={`to ${presets.value}`}
          label={words.to}
          name="to"
          type="date"
          defaultValue={to}
          min={from}
          onInput={(value) => DATE.test(value) && choose({ to: value })}
        />
      </div>
      <InScope report={report} from={from} to={to} />
    </Page>
  );
}

/** All parks together are for whoever has the duty at all of them. */
function InScope({ report: { key, roles, View }, from, to }: Omit<Scope, 'parkId'> & { readonly report: ShownReport }) {
  const scope = { from, to, parkId: parkInView.value };
  if (may(roles, scope.parkId)) return <View key={key} scope={scope} />;
  return <NeedsPark roles={roles}>{(parkId) => <View key={key} scope={{ from, to, parkId }} />}</NeedsPark>;
}

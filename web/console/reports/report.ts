import type { operations } from '../../../clients/typescript/schema.d.ts';
import type { Outcome } from '../../shared/api/outcome.ts';
import type { Role } from '../session/staff.ts';
import type { AppTexts } from '../texts/app-texts.ts';
import type { Column } from '../ui/data-table.tsx';
import type { FileAnswer } from '../ui/download.ts';
import type { Line } from '../ui/plot.tsx';

export type ReportKey = keyof AppTexts['reports']['names'];

/** Which days, and of which park; of all for null. */
export type Scope = { readonly from: string; readonly to: string; readonly parkId: string | null };

export type Report<Row> = {
  readonly key: ReportKey;
  readonly roles: readonly Role[];
  readonly load: (scope: Scope) => Promise<Outcome<{ readonly items: readonly Row[] }>>;
  readonly file: (scope: Scope) => FileAnswer;
  readonly columns: () => readonly Column<Row>[];
  /** What is drawn, day by day; nothing for a report that has no figure a day. */
  readonly lines?: (days: readonly string[], rows: readonly Row[]) => readonly Line[];
};

/** What a line of the report is, as the API has it. */
export type RowOf<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': { items: (infer Row)[] } } } };
}
  ? Row
  : never;

/** What the client sends for a scope. */
export const queryOf = ({ from, to, parkId }: Scope) => ({
  params: { query: { from, to, ...(parkId === null ? {} : { park_id: parkId }) } },
});

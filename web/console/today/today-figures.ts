import type { Loading } from '../../shared/api/use-load.ts';
import { sumOf } from '../format/sum.ts';
import type { AdmissionsLine, HourLine, Incident, Node, SalesLine } from './load-today.ts';

export type TodayFigures = {
  readonly sales: Loading<readonly SalesLine[]>;
  readonly admissions: Loading<readonly AdmissionsLine[]>;
  readonly hours: Loading<readonly HourLine[]>;
  readonly incidents: Loading<readonly Incident[]>;
  readonly nodes: Loading<readonly Node[]>;
};

type OfPark = { readonly park_id: string };

/** What a list has of one park; of all for null. A list that is not there has nothing. */
export const ofPark = <Line extends OfPark>(lines: readonly Line[] | null, parkId: string | null): readonly Line[] =>
  (lines ?? []).filter(({ park_id: id }) => parkId === null || id === parkId);

const count = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export type Sold = { readonly tickets: number; readonly people: number; readonly revenue: string };

export function soldOf(lines: readonly SalesLine[]): Sold {
  return {
    tickets: count(lines.map((line) => line.tickets_sold)),
    people: count(lines.map((line) => line.people_sold)),
    revenue: sumOf(lines.map((line) => line.revenue)),
  };
}

export const admittedOf = (lines: readonly AdmissionsLine[]): number =>
  count(lines.map((line) => line.people_admitted));

import type { components, operations } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { outcomeInJson } from '../api/in-json.ts';
import { today } from '../../shared/format/day.ts';
import { ofParks } from '../session/each-park.ts';
import { MANAGERS, OFFICE } from '../session/staff.ts';

type LinesOf<Report extends keyof operations> = operations[Report] extends {
  responses: { 200: { content: { 'application/json': { items: (infer Line)[] } } } };
}
  ? Line
  : never;

export type SalesLine = LinesOf<'reportSales'>;
export type AdmissionsLine = LinesOf<'reportAdmissions'>;
export type HourLine = LinesOf<'reportOccupancy'>;
export type Incident = components['schemas']['Incident'];
export type Node = components['schemas']['Node'];

const daysOf = (parkId: string | undefined) => {
  const day = today();
  return { params: { query: { from: day, to: day, ...(parkId === undefined ? {} : { park_id: parkId }) } } };
};

export const loadSales = (parkId: string | null): Promise<Outcome<readonly SalesLine[]>> =>
  ofParks(OFFICE, parkId, (one) => outcomeInJson(api.GET('/api/v1/admin/reports/sales', daysOf(one))));

export const loadAdmissions = (parkId: string | null): Promise<Outcome<readonly AdmissionsLine[]>> =>
  ofParks(OFFICE, parkId, (one) => outcomeInJson(api.GET('/api/v1/admin/reports/admissions', daysOf(one))));

export const loadHours = (parkId: string | null): Promise<Outcome<readonly HourLine[]>> =>
  ofParks(OFFICE, parkId, (one) => outcomeInJson(api.GET('/api/v1/admin/reports/occupancy', daysOf(one))));

/** Open incidents, the newest hundred of each park that is asked about. */
export const loadOpenIncidents = (parkId: string | null): Promise<Outcome<readonly Incident[]>> =>
  ofParks(MANAGERS, parkId, (one) =>
    outcomeOf(
      api.GET('/api/v1/admin/incidents', {
        params: { query: { status: 'open', limit: 100, ...(one === undefined ? {} : { park_id: one }) } },
      }),
    ),
  );

/** Nodes of the parks that the reader manages, those that were given up left out. */
export async function loadNodes(): Promise<Outcome<readonly Node[]>> {
  const answer = await outcomeOf(api.GET('/api/v1/admin/nodes'));
  if (!answer.ok) return answer;
  return { ok: true, value: answer.value.items.filter(({ status }) => status !== 'revoked') };
}

import type { components } from '../../../clients/typescript/schema.d.ts';

export type Pass = components['schemas']['Pass'];

/** Whether a pass would give a visit on a day as far as can be seen here; the node has the last word. */
export const isGoodFor = (
  { park_ids: parkIds, valid_from: from, valid_to: to, visits_left: left, cancelled }: Pass,
  parkId: string,
  date: string,
): boolean => cancelled === null && parkIds.includes(parkId) && from <= date && date <= to && left !== 0;

import { computed } from '@preact/signals';
import { hasDutyAt } from '../../shared/api/duties.ts';
import { duties } from '../../shared/api/session.ts';

export type Role = 'manager' | 'finance' | 'admin';

export const MANAGERS: readonly Role[] = ['manager', 'admin'];
export const FINANCE: readonly Role[] = ['finance', 'admin'];
export const OFFICE: readonly Role[] = ['manager', 'finance', 'admin'];
export const ADMINS: readonly Role[] = ['admin'];

/** Whether the reader has one of the roles at a park, or at all parks for null. What is shown goes by it; the node decides. */
export const may = (roles: readonly Role[], parkId: string | null): boolean => hasDutyAt(duties.value, roles, parkId);

/** Whether the reader has one of the roles anywhere. */
export const mayAnywhere = (roles: readonly Role[]): boolean =>
  duties.value.some(({ role }) => roles.some((one) => one === role));

/** Whether the console is for the reader at all: gates have an app of their own. */
export const isOfOffice = computed(() => mayAnywhere(OFFICE));

import { describe, inject } from 'vitest';
import type {} from './global-setup.ts';
import { SERVICES, type ServiceName } from './service-names.ts';

/** `describe` for tests that need servers: skipped when the run lacks one (it said so at its start). */
export const describeWith = (
  ...needed: readonly (ServiceName | 'postgres')[]
): typeof describe | typeof describe.skip =>
  needed.every((name) => (name === 'postgres' ? inject('postgres') : inject('services')[name]) !== null)
    ? describe
    : describe.skip;

/** The URL of a server of this run. Only within {@link describeWith}. */
export function serviceUrl(name: ServiceName): string {
  const url = inject('services')[name];
  if (url === null) throw new Error(`No ${SERVICES[name].title} in this run: use describeWith`);
  return url;
}

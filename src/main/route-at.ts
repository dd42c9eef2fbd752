import { problem } from '../infrastructure/http/problem.ts';
import type { Route } from '../infrastructure/http/route.ts';
import { isDoneBy, type NodeRole } from '../kernel/node-role.ts';

/** Not undefined, which would refuse whatever stands in the address before the answer can be given. */
const ANYTHING = { type: 'object', additionalProperties: true } as const;

/** A route as a node of this role answers it: what it does not serve it refuses to everybody, whatever they send. */
export const routeAt = (role: NodeRole, route: Route): Route =>
  isDoneBy(role, route.servedAt)
    ? route
    : {
        ...route,
        access: { kind: 'public' },
        params: undefined,
        query: ANYTHING,
        headers: undefined,
        body: undefined,
        idempotency: 'none',
        editing: false,
        counts: undefined,
        handle: async () => problem('hq_only'),
      };

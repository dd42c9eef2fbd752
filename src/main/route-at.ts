import { problem } from '../infrastructure/http/problem.ts';
import type { Route } from '../infrastructure/http/route.ts';
import { isDoneBy, type NodeRole } from '../kernel/node-role.ts';

/** A route as a node of this role answers it: what it does not serve it refuses to everybody, whatever they send. */
export const routeAt = (role: NodeRole, route: Route): Route =>
  isDoneBy(role, route.servedAt)
    ? route
    : {
        ...route,
        access: { kind: 'public' },
        params: undefined,
        query: undefined,
        headers: undefined,
        body: undefined,
        idempotency: 'none',
        editing: false,
        counts: undefined,
        handle: async () => problem('hq_only'),
      };

import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Price } from '../domain/pricing.ts';
import type { PlanVisit, VisitRefusal, VisitRequest } from './plan-visit.ts';

export type QuoteTicket = (
  request: VisitRequest,
) => Promise<Result<Price, VisitRefusal | { readonly code: 'unauthorized' }>>;

/** The price of a visit, with nothing held. Children of a profile can only be named by their signed-in owner. */
export function createQuoteTicket(planVisit: PlanVisit): QuoteTicket {
  return async (request) => {
    if (request.userId === null && request.children.some((child) => 'childId' in child)) {
      return refuse({ code: 'unauthorized' });
    }
    const planned = await planVisit(request);
    return planned.ok ? ok(planned.value.price) : planned;
  };
}

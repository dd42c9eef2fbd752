import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { money } from '../../../infrastructure/http/schemas.ts';
import type { QuoteTicket } from '../application/quote-ticket.ts';
import { isPassRefusal } from '../application/pass-visits.ts';
import { passProblem, passProblems } from './pass-schema.ts';
import {
  PriceBreakdown,
  priceLinesExample,
  toLines,
  toVisit,
  VisitBody,
  visitExample,
  visitProblem,
  visitProblems,
} from './ticket-schema.ts';

const Quote = Type.Object(
  { price: money('What the ticket would cost now'), price_breakdown: PriceBreakdown },
  { $id: 'Quote' },
);

export const quoteTicketRoute = (quoteTicket: QuoteTicket) =>
  defineRoute({
    method: 'POST',
    path: '/tickets/quote',
    operationId: 'quoteTicket',
    summary: 'What a visit would cost; nothing is held',
    description:
      'Children can be named by `child_id`, points be spent and a pass be used only when signed in; so is the tier taken off.',
    tag: 'tickets',
    servedAt: 'everywhere',
    access: { kind: 'public', token: 'optional' },
    body: VisitBody,
    bodyExample: visitExample,
    responses: {
      200: {
        description: 'The price, line by line',
        schema: Quote,
        example: { price: '350.00', price_breakdown: priceLinesExample },
      },
    },
    problems: [...visitProblems, ...passProblems, 'unauthorized'],
    async handle({ body, principal }) {
      const quoted = await quoteTicket(toVisit(body, principal?.userId ?? null));
      if (quoted.ok) {
        const { lines, totalTyiyn } = quoted.value;
        return { status: 200, body: { price: formatSom(totalTyiyn), price_breakdown: toLines(lines) } };
      }
      const { refusal } = quoted;
      if (isPassRefusal(refusal)) return passProblem(refusal);
      return refusal.code === 'unauthorized' ? problem('unauthorized') : visitProblem(refusal);
    },
  });

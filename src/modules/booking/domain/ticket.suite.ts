import { ticket } from './ticket.ts';
import type { TicketCommand, TicketEvent, TicketTerms } from './ticket-messages.ts';

export const MINUTE_MS = 60_000;
export const HELD_AT_MS = 1_000_000;
export const EXPIRES_AT_MS = HELD_AT_MS + 15 * MINUTE_MS;
export const CLOSES_AT_MS = HELD_AT_MS + 10 * 60 * MINUTE_MS;
export const KEPT_UNTIL_MS = EXPIRES_AT_MS + 10 * MINUTE_MS;

export const terms: TicketTerms = {
  ticketId: 'ticket',
  userId: 'guest',
  subjectId: 'guest',
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  ticketType: 'single',
  qrCode: 'qr',
  children: [{ childId: null, name: 'Aibek', birthDate: null, age: 5, ageBand: '3-6' }],
  adults: 1,
  places: 2,
  priceTyiyn: 35_000n,
  priceLines: [],
  promo: null,
  tier: null,
  pointsSpent: 0,
  passId: null,
  createdAtMs: HELD_AT_MS,
  expiresAtMs: EXPIRES_AT_MS,
  validFromMs: HELD_AT_MS,
  validUntilMs: CLOSES_AT_MS + 30 * MINUTE_MS,
  closesAtMs: CLOSES_AT_MS,
};

export const hold: TicketCommand = { kind: 'hold', terms, admissionCode: null };
export const keepAt = (nowMs: number, paymentId = 'payment', userId = 'guest'): TicketCommand => ({
  kind: 'keep',
  userId,
  paymentId,
  nowMs,
});
export const expireAt = (nowMs: number): TicketCommand => ({ kind: 'expire', nowMs });
export const settleAt = (nowMs: number, paymentId = 'payment', paidTyiyn = terms.priceTyiyn): TicketCommand => ({
  kind: 'settle',
  paymentId,
  paidTyiyn,
  nowMs,
  admissionCode: 'code',
});
export const noPlaceFor = (paymentId: string, nowMs: number): TicketCommand => ({
  kind: 'refuse_payment',
  why: 'park_at_capacity',
  paymentId,
  nowMs,
});

const stateAfter = (events: readonly TicketEvent[]) => events.reduce(ticket.evolve, ticket.initial);

/** Everything that the commands before the last one decided, and the last decision. */
export function given(...commands: readonly TicketCommand[]) {
  const events: TicketEvent[] = [];
  for (const command of commands) {
    const decided = ticket.decide(command, stateAfter(events));
    if (!decided.ok) throw new Error(`given was refused as ${decided.refusal.code}`);
    events.push(...decided.value);
  }
  return {
    events,
    state: stateAfter(events),
    when(command: TicketCommand) {
      const decided = ticket.decide(command, stateAfter(events));
      if (!decided.ok) return { refusal: decided.refusal };
      return { events: decided.value, state: stateAfter([...events, ...decided.value]) };
    },
  };
}

export const typesOf = (outcome: { readonly events?: readonly TicketEvent[] }) =>
  outcome.events?.map(({ type }) => type);

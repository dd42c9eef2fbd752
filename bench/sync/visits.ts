import { randomBytes } from 'node:crypto';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import type { Decider, DomainEvent } from '../../src/kernel/decider.ts';
import { createEventCodec, type EncodedEvent } from '../../src/kernel/event-codec.ts';
import { manifests } from '../../src/main/migration-sources.ts';
import { admission } from '../../src/modules/admission/domain/admission.ts';
import type { AdmissionState, ScannedTicket } from '../../src/modules/admission/domain/admission-messages.ts';
import { refusedScan } from '../../src/modules/admission/domain/refused-scan.ts';
import { ticket } from '../../src/modules/booking/domain/ticket.ts';
import type { TicketTerms } from '../../src/modules/booking/domain/ticket-messages.ts';
import { payment } from '../../src/modules/payment/domain/payment.ts';
import { shift, type ShiftEvent } from '../../src/modules/payment/domain/shift.ts';

export const PARK_ID = 'bench-park';
export const NODE_ID = 'bench-park-1';

/** What one command of the park wrote. */
export type Wrote = {
  readonly commandId: string;
  readonly actor: string;
  readonly atMs: number;
  readonly events: readonly (EncodedEvent & { readonly streamId: string; readonly aggregateType: string })[];
};

const HOUR_MS = 3_600_000;
const PRICE_TYIYN = 35_000n;
const SALES_A_SHIFT = 400;

/** Nobody opens what a park has sealed on the way: bytes of the right length do. */
const sealing = createEventCodec(
  manifests.flatMap(({ events }) => events),
  {
    seal: async (subject: string, text: string) =>
      `p1.${subject}.${randomBytes(28 + Buffer.byteLength(text)).toString('base64url')}`,
    open: async () => null,
    blindIndex: (_scope: string, value: string) => value,
    destroy: async () => undefined,
  },
);

type Decided<Event extends DomainEvent = DomainEvent> = {
  readonly streamId: string;
  readonly aggregateType: string;
  readonly events: readonly Event[];
};

function decided<Command, State, Event extends DomainEvent, Refusal>(
  { aggregateType, decide, initial }: Decider<Command, State, Event, Refusal>,
  streamId: string,
  command: Command,
  state: State = initial,
): Decided<Event> {
  const done = decide(command, state);
  if (!done.ok) throw new Error(`${aggregateType} was refused: ${JSON.stringify(done.refusal)}`);
  return { streamId, aggregateType, events: done.value };
}

async function written(atMs: number, actor: string, steps: readonly Decided[]): Promise<Wrote> {
  const events = steps.flatMap(({ streamId, aggregateType, events: facts }) =>
    facts.map(async (fact) => ({ streamId, aggregateType, ...(await sealing.encode(fact)) })),
  );
  return { commandId: ids.next(), actor, atMs, events: await Promise.all(events) };
}

const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

function scansOf(visitor: ScannedTicket, enteredMs: number, gate: string): readonly Promise<Wrote>[] {
  const streamId = ids.derive(`admission:${visitor.ticketId}/${NODE_ID}`);
  const scan = (kind: 'admit' | 'exit', atMs: number, state: AdmissionState) =>
    decided(
      admission,
      streamId,
      {
        ...visitor,
        kind,
        scanId: ids.next(),
        people: undefined,
        gate,
        saidAtMs: atMs,
        scannedAtMs: atMs,
        reEntry: 'none',
        nodeId: NODE_ID,
        overLimit: false,
        override: null,
      },
      state,
    );
  const entry = scan('admit', enteredMs, admission.initial);
  const inside = entry.events.reduce((state, event) => admission.evolve(state, event), admission.initial);
  const left = scan('exit', enteredMs + 2 * HOUR_MS, inside);
  return [written(enteredMs, `device:${gate}`, [entry]), written(enteredMs + 2 * HOUR_MS, `device:${gate}`, [left])];
}

function termsOf(ticketId: string, atMs: number): TicketTerms {
  const child = { childId: null, name: null, birthDate: null, age: 5, ageBand: '3-6' } as const;
  return {
    ticketId,
    userId: null,
    subjectId: ticketId,
    parkId: PARK_ID,
    visitDate: dateOf(atMs),
    ticketType: 'single',
    qrCode: ids.secret(16),
    children: [child],
    adults: 1,
    places: 2,
    priceTyiyn: PRICE_TYIYN,
    priceLines: [],
    promo: null,
    tier: null,
    pointsSpent: 0,
    passId: null,
    createdAtMs: atMs,
    expiresAtMs: atMs,
    validFromMs: atMs - HOUR_MS,
    validUntilMs: atMs + 10 * HOUR_MS,
    closesAtMs: atMs + 9 * HOUR_MS,
  };
}

type Till = { readonly shiftId: string; readonly cashierId: string; readonly opened: Decided<ShiftEvent> };

function openTill(nowMs: number): Till {
  const [shiftId, cashierId] = [ids.next(), ids.next()];
  const about = { shiftId, cashierId, parkId: PARK_ID, floatTyiyn: 100_000n, nowMs };
  return { shiftId, cashierId, opened: decided(shift, shiftId, { type: 'open', ...about }) };
}

/** Ticket, payment and cash in one append, as at the desk. */
function soldFor(terms: TicketTerms, { shiftId, cashierId, opened }: Till): Promise<Wrote> {
  const { ticketId, priceTyiyn: amountTyiyn, createdAtMs: nowMs } = terms;
  const paymentId = ids.next();
  const paid = { paymentId, ticketId, amountTyiyn, nowMs };
  return written(nowMs, `user:${cashierId}`, [
    decided(ticket, ticketId, { kind: 'sell', terms, paymentId, admissionCode: `SKY1.${ids.secret(96)}` }),
    decided(payment, paymentId, {
      type: 'take_at_desk',
      ...paid,
      parkId: PARK_ID,
      method: 'cash',
      providerKey: ids.next(),
      reference: `shift ${shiftId}`,
    }),
    decided(
      shift,
      shiftId,
      { type: 'take', ...paid },
      opened.events.reduce((state, event) => shift.evolve(state, event), shift.initial),
    ),
  ]);
}

function refusedAt(atMs: number, gate: string): Promise<Wrote> {
  const scanId = ids.next();
  const about = {
    scanId,
    ticketId: ids.next(),
    parkId: PARK_ID,
    gate,
    saidAtMs: atMs,
    scannedAtMs: atMs,
    nodeId: NODE_ID,
  };
  const facts = { ...about, outcome: 'already_used', remaining: 0, direction: 'in' } as const;
  return written(atMs, `device:${gate}`, [
    decided(refusedScan, ids.derive(`refused-scan:${scanId}/${NODE_ID}`), facts),
  ]);
}

/**
 * What a park writes without end, as its own rules decide it: of six parties five come with a ticket that they bought at home
 * and one buys at the desk, all go in and out, and one scan in sixteen is refused.
 */
export async function* visitsFrom(startMs: number): AsyncGenerator<Wrote> {
  let atMs = startMs;
  let till: Till | null = null;
  for (let party = 0; ; party += 1) {
    atMs += 1000;
    const gate = `gate ${1 + (party % 4)}`;
    if (party % 6 !== 0) {
      const visitor = {
        ticketId: ids.next(),
        userId: ids.next(),
        parkId: PARK_ID,
        visitDate: dateOf(atMs),
        partySize: 3,
      };
      for (const scan of scansOf(visitor, atMs, gate)) yield await scan;
      continue;
    }
    if (till === null || party % (6 * SALES_A_SHIFT) === 0) {
      till = openTill(atMs);
      yield await written(atMs, `user:${till.cashierId}`, [till.opened]);
    }
    const terms = termsOf(ids.next(), atMs);
    yield await soldFor(terms, till);
    const { ticketId, userId, parkId, visitDate, places: partySize } = terms;
    for (const scan of scansOf({ ticketId, userId, parkId, visitDate, partySize }, atMs, gate)) yield await scan;
    yield await refusedAt(atMs, gate);
  }
}

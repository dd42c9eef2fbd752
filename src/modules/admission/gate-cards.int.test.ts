import { expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createSubjectKeyTable, erasedSubjects } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { connectDatabase } from '../../infrastructure/postgres/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createGateCards, createGateCardsOf, withGateCards } from './application/gate-cards.ts';
import type { GateTicketFacts } from './application/ports.ts';
import { createGateCardTable } from './persistence/gate-cards.ts';

const PARK = 'ala-archa';
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const DAY_MS = 86_400_000;
const FAMILY = [
  { firstName: 'Aibek', ageBand: '3-6' },
  { firstName: 'Ayana', ageBand: '0-2' },
];

const ticketOf = (more: Partial<GateTicketFacts> = {}): GateTicketFacts => ({
  ticketId: ids.next(),
  qrCode: 'p3Vt0mXJ8QmYc1Zr4uKdWA',
  userId: ids.next(),
  parkId: PARK,
  visitDate: '2026-12-05',
  movedFrom: null,
  leaving: null,
  status: 'active',
  isPaid: true,
  partySize: 3,
  children: FAMILY,
  createdAtMs: NOON_MS,
  validFromMs: NOON_MS,
  validUntilMs: NOON_MS + DAY_MS,
  ...more,
});

const shelfOf = (tickets: readonly GateTicketFacts[]) => ({
  byId: async (ticketId: string) => tickets.find((ticket) => ticket.ticketId === ticketId) ?? null,
  byQrCode: async () => null,
});

/** What a park has of the same tickets: no names. */
const sealed = ({ children, ...ticket }: GateTicketFacts): GateTicketFacts => ({
  ...ticket,
  children: children.map(({ ageBand }) => ({ firstName: null, ageBand })),
});

describeWithDatabase('gate cards', () => {
  async function openPark() {
    const { url, drop } = await createTestDatabase();
    const database = connectDatabase({ url, poolSize: 2, applicationName: 'gate-cards', onError: () => undefined });
    onTestFinished(async () => {
      await database.close();
      await drop();
    });
    const clock = createManualClock(NOON_MS);
    const vault = createVault({ keys: createSubjectKeyTable(database), masterKey: Buffer.alloc(32, 1) });
    const table = createGateCardTable(database);
    const cards = createGateCards({ table, vault, ids, clock, zone: createZone(), parkId: PARK });
    const expectAt = (ticketId: string, date: string, parkId = PARK) =>
      database.rows(
        statement(
          'test.gate-day',
          'insert into admission.gate_days (ticket_id, visit_date, park_id, position) values ($1, $2, $3, 1)',
        ),
        [ticketId, date, parkId],
      );
    return { database, clock, cards, expectAt };
  }

  test('bring the names to a park that headquarters has and that the park cannot read', async () => {
    const { cards, clock, expectAt } = await openPark();
    const [known, elsewhere] = [ticketOf(), ticketOf({ parkId: 'osh-center' })];
    const cardsOf = createGateCardsOf({ tickets: shelfOf([known, elsewhere]), clock, zone: createZone() });
    await expectAt(known.ticketId, '2026-12-05');
    expect(await cards.missing(10)).toEqual([known.ticketId]);
    const told = await cardsOf(PARK, [known.ticketId, elsewhere.ticketId, ids.next()]);
    expect(told.map(({ ticketId }) => ticketId)).toEqual([known.ticketId]);
    await cards.keep(told);
    expect(await cards.missing(10)).toEqual([]);
    const tickets = withGateCards(shelfOf([sealed(known)]), cards);
    expect(await tickets.byId(known.ticketId)).toEqual(known);
  });

  test('are told of the days on which gates may show them, and of no other', async () => {
    const days = ['2026-11-27', '2026-11-28', '2026-12-05', '2026-12-07', '2026-12-08'];
    const tickets = days.map((visitDate) => ticketOf({ visitDate }));
    const clock = createManualClock(NOON_MS);
    const cardsOf = createGateCardsOf({ tickets: shelfOf(tickets), clock, zone: createZone() });
    const asked = tickets.map(({ ticketId }) => ticketId);
    expect((await cardsOf(PARK, asked)).map(({ ticketId }) => ticketId)).toEqual(asked.slice(1, 4));
    clock.advance(2 * DAY_MS);
    expect((await cardsOf(PARK, asked)).map(({ ticketId }) => ticketId)).toEqual(asked.slice(2));
  });

  test('are asked for today and two days more, of this park alone', async () => {
    const { cards, expectAt } = await openPark();
    const days = ['2026-12-04', '2026-12-05', '2026-12-07', '2026-12-08'];
    const visits = await Promise.all(
      days.map(async (date) => {
        const ticketId = ids.next();
        await expectAt(ticketId, date);
        return ticketId;
      }),
    );
    await expectAt(ids.next(), '2026-12-05', 'osh-center');
    expect(await cards.missing(10)).toEqual([visits[1], visits[2]]);
  });

  test('of 300 tickets scanned at once are looked up together, each ticket with its own', async () => {
    const { database, cards } = await openPark();
    const tickets = Array.from({ length: 300 }, (_, index) =>
      ticketOf({ children: [{ firstName: `Aibek ${index}`, ageBand: '3-6' }] }),
    );
    await cards.keep(tickets);
    const rows = vi.spyOn(database, 'rows');
    const found = await Promise.all(tickets.map(({ ticketId }) => cards.childrenOf(ticketId)));
    expect(found).toEqual(tickets.map(({ children }) => children));
    expect(rows.mock.calls.length).toBeLessThanOrEqual(4);
  });

  test('of an erased guest say nothing more, and are asked for no more', async () => {
    const { database, cards, expectAt } = await openPark();
    const ticket = ticketOf();
    await expectAt(ticket.ticketId, '2026-12-05');
    await cards.keep([ticket]);
    await cards.forget([ticket.ticketId]);
    expect(await cards.childrenOf(ticket.ticketId)).toBeNull();
    expect(await cards.missing(10)).toEqual([]);
    expect(await erasedSubjects(database)).toHaveLength(1);
    await cards.keep([ticket]);
    expect(await cards.childrenOf(ticket.ticketId)).toBeNull();
    const tickets = withGateCards(shelfOf([sealed(ticket)]), cards);
    expect(await tickets.byId(ticket.ticketId)).toEqual(sealed(ticket));
  });

  test('are gone a week after the visit, with their keys', async () => {
    const { database, clock, cards, expectAt } = await openPark();
    const ticket = ticketOf();
    await expectAt(ticket.ticketId, '2026-12-05');
    await cards.keep([ticket]);
    clock.advance(7 * DAY_MS);
    expect(await cards.forgetOld(10)).toBe(0);
    expect(await cards.childrenOf(ticket.ticketId)).toEqual(FAMILY);
    clock.advance(DAY_MS);
    expect(await cards.forgetOld(10)).toBe(1);
    expect(await cards.childrenOf(ticket.ticketId)).toBeNull();
    expect(await erasedSubjects(database)).toHaveLength(1);
  });
});

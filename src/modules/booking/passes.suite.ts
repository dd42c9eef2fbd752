import { openModuleDatabase } from '../../../test/support/module-database.ts';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import type { Principal, RoleAtPark, TokenVerifier } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner, step } from '../../kernel/command-runner.ts';
import type { Decider, DomainEvent } from '../../kernel/decider.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { ok, refuse } from '../../kernel/result.ts';
import type { MoneyOfTicket } from './application/receipt.ts';
import { bookingManifest, createBookingModule, type BookingModule } from './module.ts';
import { bookingEvents } from './persistence/events.ts';
import { onlyNode } from './sales.suite.ts';

/** Noon in Bishkek. */
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
export const PARKS = ['ala-archa', 'karakol', 'osh'] as const;
/** So small that two parties fill it. */
export const SMALL_PARK = 'naryn';
export const PHONE = '+996555123456';

/** Gates at which nobody ever came in. */
const emptyGates: Decider<null, null, DomainEvent, never> = {
  aggregateType: 'Test',
  initial: null,
  decide: () => ok([]),
  evolve: (state) => state,
};

const namesOf = (name: string) => ({ ru: `${name} (ru)`, ky: `${name} (ky)`, en: name });

/** Nobody spends points here. */
function noPoints(): never {
  throw new Error('nobody has points here');
}

export type PassOffice = Awaited<ReturnType<typeof openPassOffice>>;

/** Two processes that sell the same parks, asked over their routes. */
export async function openPassOffice() {
  const clock = createManualClock(NOON_MS);
  const people = new Map<string, Principal>();
  const phones = new Map<string, string>();
  /** Accounts whose number nobody proved. */
  const unproven = new Set<string>();
  const lookedUp: string[] = [];
  const money = new Map<string, Awaited<ReturnType<MoneyOfTicket>>>();
  const tokens: TokenVerifier = { verify: async (token) => people.get(token) ?? null };
  const opened = await openModuleDatabase(bookingManifest, clock);
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });

  async function startModule(): Promise<BookingModule> {
    const { store, database } = await opened.startNode();
    return createBookingModule({
      ...onlyNode,
      store,
      database,
      vault,
      ids,
      clock,
      zone: createZone(),
      runner: createCommandRunner({ store, codec: createEventCodec(bookingEvents, vault), ids, clock }),
      parkDays: async (parkId) =>
        parkId !== SMALL_PARK && !PARKS.some((park) => park === parkId)
          ? null
          : {
              timeZone: 'Asia/Bishkek',
              hours: { openTime: '10:00', closeTime: '21:00' },
              dayQuota: parkId === SMALL_PARK ? 2 : 300,
              priceUnder3Tyiyn: 15_000n,
              priceOver3Tyiyn: 35_000n,
              priceAdultTyiyn: 0n,
              groupPercent: 0,
            },
      childrenOf: async () => [],
      async findGuest(guest) {
        const userId = 'userId' in guest ? guest.userId : (phones.get(guest.phone) ?? '');
        if (!people.has(userId)) return refuse({ code: 'user_not_found' });
        return unproven.has(userId) ? refuse({ code: 'number_unproven' }) : ok(userId);
      },
      numberProven: async (userId) => !unproven.has(userId),
      async lookUpGuest(staffId, phone) {
        lookedUp.push(`${phone} by ${staffId}`);
        return phone === 'no number' ? refuse({ code: 'bad_phone' }) : ok(phones.get(phone) ?? null);
      },
      signAdmissionCode: ({ ticketId }) => `code of ${ticketId}`,
      voidAdmission: async ({ ticketId }) => [step(emptyGates, ids.derive(`gates of ${ticketId}`), null)],
      standings: async () => ({ points: 0, tierName: 'none', tierPercent: 0, pointTyiyn: 100n, spendablePercent: 50 }),
      reservePoints: noPoints,
      moneyOfTicket: async (ticketId) => money.get(ticketId) ?? [],
      fiscalReceiptsOf: async () => [],
      parkNames: async (parkId) => ({
        names: namesOf(parkId),
        addresses: namesOf(`by ${parkId}`),
        timeZone: 'Asia/Bishkek',
      }),
      qrImages: { svg: () => '', png: () => new Uint8Array() },
    });
  }

  const modules = [await startModule(), await startModule()] as const;
  const servers: readonly [TestServer, TestServer] = [
    await serve(modules[0].routes, tokens, clock),
    await serve(modules[1].routes, tokens, clock),
  ];

  /** Somebody with these roles; the token is the id. */
  function person(...roles: readonly RoleAtPark[]): string {
    const userId = ids.next();
    people.set(userId, { kind: 'user', userId, sessionId: 's', roles, actor: `user:${userId}` });
    return userId;
  }
  const admin = person({ role: 'admin', parkId: null });
  phones.set(PHONE, person());
  const pathOf = (path: string): string => `/api/v1${path}`;

  const office = {
    opened,
    clock,
    admin,
    person,
    unproven,
    phoneOwner: phones.get(PHONE) ?? '',
    /** Numbers that staff asked about, and who did. */
    lookedUp,
    /** What was paid for a ticket. */
    money,
    manager: (...parkIds: readonly string[]) =>
      person(...parkIds.map((parkId) => ({ role: 'manager', parkId }) as const)),
    get: (token: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
      servers[0].ask('GET', pathOf(path), { token, headers }),
    post: (
      token: string,
      path: string,
      body: object,
      { server = 0, key = '' }: { readonly server?: 0 | 1; readonly key?: string } = {},
    ): Promise<Answer> =>
      servers[server].ask('POST', pathOf(path), { token, body, headers: key === '' ? {} : { 'idempotency-key': key } }),
    order: (userId: string, change: object = {}) => ({
      user_id: userId,
      name: 'Winter pass',
      park_ids: [...PARKS],
      valid_from: '2026-12-05',
      valid_to: '2027-02-28',
      visits: 3,
      people: 2,
      price: '3000.00',
      payment_reference: 'receipt 17',
      ...change,
    }),
    /** A pass of a guest, by its id. */
    async issue(userId: string, change: object = {}): Promise<string> {
      const issued = await office.post(admin, '/passes', office.order(userId, change));
      if (issued.status !== 201) throw new Error(JSON.stringify(issued.body));
      return String(issued.body['id']);
    },
    visit: (passId: string, change: object = {}) => ({
      park_id: 'ala-archa',
      visit_date: '2026-12-08',
      children: [{ name: 'Aibek', age: 5 }],
      adults: 1,
      pass_id: passId,
      ...change,
    }),
    book: (userId: string, passId: string, change: object = {}, server: 0 | 1 = 0) =>
      office.post(userId, '/tickets', office.visit(passId, change), { server }),
    async left(userId: string, passId: string): Promise<unknown> {
      return (await office.get(userId, `/passes/${passId}`)).body['visits_left'];
    },
    /** The price of one child arrives. */
    pay: (ticketId: string, paymentId: string = ids.next(), paidTyiyn = 35_000n) =>
      modules[0].settleTicket({ ticketId, paymentId, paidTyiyn }, { actor: 'system', correlationId: 'test' }),
    cancelAs: (why: 'staff' | 'day_closed', ticketId: string) =>
      modules[1].cancelTicket(
        { ticketId, why, userId: null, reason: 'ill' },
        { actor: 'user:test', correlationId: 'test' },
      ),
    async close(): Promise<void> {
      for (const server of servers) await server.close();
      await opened.close();
    },
  };
  return office;
}

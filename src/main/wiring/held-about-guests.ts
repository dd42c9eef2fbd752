import { PARKS_TIME_ZONE } from '../../kernel/time.ts';
import type { HeldElsewhere, Unfinished } from '../../modules/user/application/ports.ts';
import { exportedForm } from './exported-form.ts';
import type { Wiring } from './tools.ts';

const PAGE = 100;

/** Reads a list to its end, a page at a time. */
async function readAll<Item>(read: (last: Item | undefined) => Promise<readonly Item[]>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (;;) {
    const page = await read(all.at(-1));
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

type Listed<Read extends (...values: never[]) => Promise<readonly unknown[]>> = Awaited<ReturnType<Read>>[number];

/** What the modules hold about a guest, asked from each of them. */
function createReaders({ tools, all }: Wiring) {
  const { clock, zone } = tools;
  const { booking, payment, loyalty, auth, notify, admission } = all();
  const { tickets, passes, waitlist, counts } = booking.guestRecords;
  const { payments, refunds } = payment.paymentRecords;
  const { sessions, roles } = auth.accountRecords;
  const { pointRecords: points } = loyalty;
  const { messageRecords: messages } = notify;
  const today = () => zone.dateAt(clock.now(), PARKS_TIME_ZONE);
  const paymentsOf = async (userId: string) => payments.ofTickets(await counts.ticketIds(userId));
  return {
    ticketsOf: (userId: string) =>
      readAll<Listed<typeof tickets.ofUser>>((last) =>
        tickets.ofUser(userId, { status: undefined, parkId: undefined, before: last?.ticketId, limit: PAGE }),
      ),
    passesOf: (userId: string) =>
      readAll<Listed<typeof passes.ofUser>>((last) =>
        passes.ofUser(userId, { parkIds: null, before: last?.passId ?? null, limit: PAGE }),
      ),
    waitlistOf: (userId: string) =>
      readAll<Listed<typeof waitlist.heldOf>>((last) => waitlist.heldOf(userId, today(), last?.entryId ?? null, PAGE)),
    paymentsOf,
    refundsOf: async (userId: string) =>
      refunds.ofPayments((await paymentsOf(userId)).map(({ paymentId }) => paymentId)),
    pointsOf: (userId: string) =>
      readAll<Listed<typeof points.movements>>((last) => points.movements(userId, last?.position ?? null, PAGE)),
    sessionsOf: (userId: string) =>
      readAll<Listed<typeof sessions.keptOf>>((last) => sessions.keptOf(userId, last?.sessionId ?? null, PAGE)),
    rolesOf: (userId: string) => roles.of(userId),
    messagesOf: (userId: string) =>
      readAll<Listed<typeof messages.ofUser>>((last) => messages.ofUser(userId, last?.messageId ?? null, PAGE)),
    scansOf: async (userId: string) => admission.scansOf(await counts.ticketIds(userId)),
    historyOf: (userId: string) => readHistory(tools, userId),
  };
}

/** All that was ever said of an account and its children, what was changed or removed since too. */
async function readHistory({ store, codec }: Wiring['tools'], userId: string) {
  const { events } = await store.load(userId);
  return Promise.all(
    events.map(async (event) => {
      const { type, data } = await codec.decode(event);
      return { what: type, occurredAtMs: event.occurredAtMs, ...data };
    }),
  );
}

/** The parts of an export that the account itself does not hold, by their names. */
export function createHeldElsewhere(wiring: Wiring): HeldElsewhere {
  type Readers = ReturnType<typeof createReaders>;
  let made: Readers | null = null;
  // Only once somebody asks are all modules there.
  const readers = (): Readers => (made ??= createReaders(wiring));
  const part = (read: (readers: Readers) => (userId: string) => Promise<unknown>) => async (userId: string) =>
    exportedForm(await read(readers())(userId));
  return {
    history: part(({ historyOf }) => historyOf),
    sessions: part(({ sessionsOf }) => sessionsOf),
    roles: part(({ rolesOf }) => rolesOf),
    tickets: part(({ ticketsOf }) => ticketsOf),
    scans: part(({ scansOf }) => scansOf),
    passes: part(({ passesOf }) => passesOf),
    waitlist: part(({ waitlistOf }) => waitlistOf),
    payments: part(({ paymentsOf }) => paymentsOf),
    refunds: part(({ refundsOf }) => refundsOf),
    points: part(({ pointsOf }) => pointsOf),
    messages: part(({ messagesOf }) => messagesOf),
  };
}

/** What an account cannot be erased before. */
export async function unfinishedOf(wiring: Wiring, userId: string, nowMs: number): Promise<Unfinished> {
  const { ticketsOf, paymentsOf } = createReaders(wiring);
  const [tickets, payments] = await Promise.all([ticketsOf(userId), paymentsOf(userId)]);
  const usable = tickets.filter(
    ({ status, remaining, validUntilMs }) =>
      (status === 'active' || status === 'used') && remaining > 0 && validUntilMs > nowMs,
  );
  const open = payments.filter(({ status }) => status === 'pending' || status === 'unknown');
  return {
    ticketIds: usable.map(({ ticketId }) => ticketId),
    paymentIds: open.map(({ paymentId }) => paymentId),
  };
}

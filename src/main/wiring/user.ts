import { createLinkSigner } from '../../infrastructure/keys/link-signer.ts';
import type { LiveSession } from '../../modules/auth/application/sessions.ts';
import { createPasses } from '../../modules/booking/persistence/passes.ts';
import type { TicketView } from '../../modules/booking/application/ticket-view.ts';
import { createTickets } from '../../modules/booking/persistence/tickets.ts';
import { createAccounts } from '../../modules/loyalty/persistence/accounts.ts';
import { createPayments } from '../../modules/payment/persistence/payments.ts';
import { photoFolder } from '../../modules/user/application/photos.ts';
import { createUserModule, type UserModule } from '../../modules/user/module.ts';
import { exportedForm } from './exported-form.ts';
import type { DomainModules, Tools, Wiring } from './tools.ts';

/** What people are asked to agree to, each document in the version now shown. */
const DOCUMENTS = [
  { document: 'terms', version: '2026-01', required: true },
  { document: 'privacy', version: '2026-01', required: true },
  { document: 'marketing', version: '2026-01', required: false },
] as const;

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

/** What other modules hold about a guest. */
function createHoldings({ database, vault }: Tools) {
  const tickets = createTickets(database, vault);
  const passes = createPasses(database, vault);
  const payments = createPayments(database);
  const points = createAccounts(database);
  const ticketsOf = (userId: string) =>
    readAll<Awaited<ReturnType<typeof tickets.ofUser>>[number]>((last) =>
      tickets.ofUser(userId, { status: undefined, parkId: undefined, before: last?.ticketId, limit: PAGE }),
    );
  return {
    ticketsOf,
    passesOf: (userId: string) =>
      readAll<Awaited<ReturnType<typeof passes.ofUser>>[number]>((last) =>
        passes.ofUser(userId, { parkIds: null, before: last?.passId ?? null, limit: PAGE }),
      ),
    paymentsOf: async (userId: string) => {
      const all = (await ticketsOf(userId)).map(({ ticketId }) => payments.ofTicket(ticketId));
      return (await Promise.all(all)).flat();
    },
    pointsOf: (userId: string) =>
      readAll<Awaited<ReturnType<typeof points.movements>>[number]>((last) =>
        points.movements(userId, last?.position ?? null, PAGE),
      ),
  };
}

/** Places held and never paid for: a stranger cannot keep a number by them. */
const isUnpaidHold = ({ status, priceTyiyn, paidTyiyn }: TicketView): boolean =>
  ['pending_payment', 'expired', 'cancelled'].includes(status) && priceTyiyn > 0n && paidTyiyn === 0n;

/** Ends what an erased account still has: first what lets anybody in, at last the key. Harmless to repeat. */
const finishErasureWith =
  ({ files, vault }: Tools, all: () => DomainModules) =>
  async (userId: string): Promise<void> => {
    await all().auth.closeAccount(userId);
    await files.deleteFolder(photoFolder(userId));
    await vault.destroy(userId);
  };

export function wireUser({ tools, all }: Wiring): UserModule {
  const { ticketsOf, passesOf, paymentsOf, pointsOf } = createHoldings(tools);
  return createUserModule({
    ...tools,
    documents: DOCUMENTS,
    links: createLinkSigner(tools.secrets.masterKey),
    confirmPassword: (userId, password) => all().auth.confirmPassword(userId, password),
    finishErasure: finishErasureWith(tools, all),
    countTickets: async (userId) => (await ticketsOf(userId)).length,
    async hasTickets(userId) {
      const [tickets, passes, payments] = await Promise.all([ticketsOf(userId), passesOf(userId), paymentsOf(userId)]);
      return passes.length + payments.length > 0 || !tickets.every(isUnpaidHold);
    },
    giveUpStep: (userId) => all().auth.giveUpStep(userId),
    async unfinishedOf(userId, nowMs) {
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
    },
    heldElsewhere: {
      sessions: async (userId) =>
        exportedForm(
          await readAll<LiveSession>((last) => all().auth.listSessions(userId, last?.sessionId ?? null, PAGE)),
        ),
      tickets: async (userId) => exportedForm(await ticketsOf(userId)),
      passes: async (userId) => exportedForm(await passesOf(userId)),
      payments: async (userId) => exportedForm(await paymentsOf(userId)),
      points: async (userId) => exportedForm(await pointsOf(userId)),
    },
  });
}

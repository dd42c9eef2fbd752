import { createParkedEvents } from '../../src/infrastructure/event-store/parked-events.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import { checkRules } from '../../src/main/cli/check.ts';
import { differences, ledgerSum, readPurchases, type Purchase } from '../../tools/demo/money/books.ts';
import type { OrderTotals } from '../../src/infrastructure/provider-sandbox/order-book.ts';
import type { BankOrder } from '../simulation/bank.ts';
import { judge } from '../simulation/judge.ts';
import type { Judged, Violation } from '../simulation/judged.ts';
import { createCleanUp } from '../support/product.ts';
import { parkedIn, verdictSince } from './oracle.ts';
import type { Scene } from './scene.ts';
import type { PaidOut, Rest } from './settle.ts';
import { openStopped, type Opened } from './stopped.ts';

type JudgedNode = Judged['world']['nodes'][number];

async function atRest({ nodeId, databaseUrl, app }: Opened, state: JudgedNode['state']): Promise<JudgedNode> {
  return {
    place: { nodeId, audit: () => checkRules(databaseUrl, { facts: null }) },
    app,
    state,
    troubles: parkedIn(await createParkedEvents(app.database).overview()),
  };
}

const BACKLOG = statement(
  'chaos.backlog',
  `select count(*) as backlog from store.head h join store.event e using (incarnation) where e.created_at <= $1
     and e.seq > coalesce((select max(p.acked_seq) from store.peer p where p.acked_incarnation = h.incarnation), 0)`,
);

/** How a park stands with headquarters. What it has written since it came to rest is on its way. */
async function stateOf(hq: Opened, { nodeId, app }: Opened, rest: Rest): Promise<JudgedNode['state']> {
  const line = (await hq.app.modules.nodes.listNodes()).find(({ node }) => node.nodeId === nodeId);
  const [row] = await app.database.rows<{ readonly backlog: number }>(BACKLOG, [rest.restedAt]);
  return { verdict: verdictSince(rest.mendedMs, line?.contact ?? null), backlog: row?.backlog ?? 0 };
}

/** The provider's books, with what people carried to guests instead of it. */
function bankOf(orders: readonly OrderTotals[], purchases: readonly Purchase[], paidOut: PaidOut) {
  const ticketOf = new Map(
    purchases.flatMap((purchase) => purchase.orders.map(({ orderId }) => [orderId, purchase.ticketId] as const)),
  );
  return new Map(
    orders.map(({ orderId, paymentId, outcome, amountTyiyn, refundedTyiyn }): [string, BankOrder] => {
      const byHand = paidOut.get(ticketOf.get(orderId) ?? '') ?? 0n;
      const back = BigInt(refundedTyiyn) + byHand;
      const order: BankOrder = {
        providerKey: paymentId,
        externalId: orderId,
        amountTyiyn: BigInt(amountTyiyn),
        expiresAtMs: 0,
        state: outcome === 'paid' ? 'paid' : outcome === 'open' ? 'open' : 'declined',
        paidAtMs: 0,
        changedAtMs: 0,
        isForgotten: false,
        refunds: new Map(back > 0n ? [['all', back]] : []),
      };
      return [orderId, order];
    }),
  );
}

/** The books of the bank and ours are equal, and ours are in balance. */
async function books(hq: Opened, purchases: readonly Purchase[]): Promise<readonly Violation[]> {
  const found = purchases.flatMap(differences).map((what) => ({ rule: 'rule 2', what }));
  const sum = await ledgerSum(hq.app.database);
  return sum === 0n ? found : [...found, { rule: 'rule 2', what: `the ledger sums to ${sum} tyiyn` }];
}

export type Verdict = { readonly violations: readonly Violation[]; readonly events: number };

/** What the judge of simulated days says of the stopped nodes, with the bank's books beside ours. */
export async function verdictOn({ chain, diary }: Scene, orders: readonly OrderTotals[], rest: Rest): Promise<Verdict> {
  const { paidOut, restedAt, unrest } = rest;
  const { later, run } = createCleanUp();
  try {
    const hq = await openStopped(chain.hq, later);
    const parks: { readonly parkId: string; readonly node: JudgedNode }[] = [];
    for (const { parkId, node } of chain.parks) {
      const opened = await openStopped(node, later);
      parks.push({ parkId, node: await atRest(opened, await stateOf(hq, opened, rest)) });
    }
    const headquarters = await atRest(hq, null);
    const purchases = await readPurchases(hq.app.database, orders);
    for (const { ticketId, orders: own } of purchases) {
      const ticket = diary.tickets.find((each) => each.ticketId === ticketId);
      if (ticket !== undefined) ticket.externalIds.push(...own.map(({ orderId }) => orderId));
    }
    const nodes = [headquarters, ...parks.map(({ node }) => node)];
    const world = { headquarters, parks, nodes, restedAt, bank: { orders: bankOf(orders, purchases, paidOut) } };
    const stuck = unrest.map((what) => ({ rule: 'progress', what }));
    const violations = [...stuck, ...(await judge({ world, diary })), ...(await books(hq, purchases))];
    return { violations, events: await hq.app.store.headPosition() };
  } finally {
    await run();
  }
}

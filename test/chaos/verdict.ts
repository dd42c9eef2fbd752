import { compose, type App } from '../../src/main/compose.ts';
import { openNodeDatabase } from '../../src/main/database-of.ts';
import { differences, ledgerSum, readPurchases, type Purchase } from '../../tools/demo/money/books.ts';
import type { OrderTotals } from '../../src/infrastructure/provider-sandbox/order-book.ts';
import type { BankOrder } from '../simulation/bank.ts';
import { judge } from '../simulation/judge.ts';
import type { Judged, Violation } from '../simulation/judged.ts';
import { configOf, createCleanUp, loggerOf, type CleanUp, type Settings } from '../support/product.ts';
import type { ChaosNode } from './node.ts';
import type { Scene } from './scene.ts';
import type { PaidOut } from './settle.ts';

type JudgedNode = Judged['world']['nodes'][number];
type Opened = { readonly nodeId: string; readonly databaseUrl: string; readonly app: App };

/** What is no data of the node: its parts are gone, and nobody calls it. */
const ELSEWHERE = /^(REDIS_|RABBITMQ_|S3_|TLS_|HOST$|PUBLIC_URL$)/;

/** A stopped node as its data are, with nothing at work. */
async function open({ place }: ChaosNode, later: CleanUp): Promise<Opened> {
  const own = Object.entries(place.settings).filter(([name]) => !ELSEWHERE.test(name));
  const settings: Settings = Object.fromEntries([...own, ['LOG_LEVEL', 'silent']]);
  const config = configOf(settings);
  const log = loggerOf(config);
  const database = await openNodeDatabase(config, log);
  later(() => database.stop());
  const { url: databaseUrl, canSetRole } = database;
  const app = await compose({ config, log, databaseUrl, canSetRole });
  later(() => app.close());
  return { nodeId: config.nodeId, databaseUrl, app };
}

const atRest = ({ nodeId, databaseUrl, app }: Opened, state: JudgedNode['state']): JudgedNode => ({
  place: { nodeId, databaseUrl },
  app,
  state,
  troubles: [],
});

/** How a park stands with headquarters. Both held the same before they were stopped; what it has written since is on its way. */
async function stateOf(hq: Opened, { nodeId }: Opened): Promise<JudgedNode['state']> {
  const line = (await hq.app.modules.nodes.listNodes()).find(({ node }) => node.nodeId === nodeId);
  return { verdict: line?.contact?.verdict === 'ok' ? 'ok' : 'unreachable', backlog: 0 };
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
export async function verdictOn(
  { chain, diary }: Scene,
  orders: readonly OrderTotals[],
  paidOut: PaidOut,
): Promise<Verdict> {
  const { later, run } = createCleanUp();
  try {
    const hq = await open(chain.hq, later);
    const parks: { readonly parkId: string; readonly node: JudgedNode }[] = [];
    for (const { parkId, node } of chain.parks) {
      const opened = await open(node, later);
      parks.push({ parkId, node: atRest(opened, await stateOf(hq, opened)) });
    }
    const headquarters = atRest(hq, null);
    const purchases = await readPurchases(hq.app.database, orders);
    for (const { ticketId, orders: own } of purchases) {
      const ticket = diary.tickets.find((each) => each.ticketId === ticketId);
      if (ticket !== undefined) ticket.externalIds.push(...own.map(({ orderId }) => orderId));
    }
    const nodes = [headquarters, ...parks.map(({ node }) => node)];
    const world = { headquarters, parks, nodes, bank: { orders: bankOf(orders, purchases, paidOut) } };
    const violations = [...(await judge({ world, diary })), ...(await books(hq, purchases))];
    return { violations, events: await hq.app.store.headPosition() };
  } finally {
    await run();
  }
}

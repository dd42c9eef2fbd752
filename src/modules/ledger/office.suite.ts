import { openModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import type { ManualClock } from '../../infrastructure/clock.ts';
import type { RoleAtPark } from '../../infrastructure/http/access.ts';
import { fixtureInfo, startFixture } from '../../infrastructure/http/http-fixture.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { PaymentInDoubt } from './application/list-differences.ts';
import { createLedgerModule, ledgerManifest } from './module.ts';
import { createTeller } from './visits.suite.ts';

const ROLES: Readonly<Record<string, readonly RoleAtPark[]>> = {
  finance: [{ role: 'finance', parkId: null }],
  manager: [{ role: 'manager', parkId: null }],
};
const COLUMNS = { reference_column: 'Референс', amount_column: 'Сумма', fee_column: 'Комиссия', date_column: 'Дата' };

export type Found = {
  readonly id: string;
  readonly verdict: string;
  readonly line: number | null;
  readonly reference: string;
};
export type Summary = Readonly<Record<string, unknown>> & { readonly id: string };

/** The routes of the ledger on a database of their own. A token is a role, or `finance-at-<park>`. */
async function startApp(node: TestNode, clock: ManualClock, inDoubt: readonly PaymentInDoubt[]) {
  const never = async () => Promise.reject(new Error('nobody asks here'));
  const { routes } = createLedgerModule({
    ...node,
    ids,
    clock,
    moneyFacts: never,
    paymentsInDoubt: async () => inDoubt,
    onLedgerChecked: () => undefined,
  });
  const { app } = await startFixture({
    routes,
    tokens: {
      verify: async (name) => {
        const [role = '', parkId] = name.split('-at-');
        const roles = parkId === undefined ? (ROLES[role] ?? []) : [{ role: 'finance' as const, parkId }];
        return { kind: 'user', userId: ids.next(), sessionId: name, roles, actor: `user:${role}` };
      },
    },
    clock,
    ids,
    info: { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'office', description: 'Office' }] },
  });
  return app;
}

/** Head office as finance has it: parks with money in the books, and statements of what providers say. */
export async function openOffice(clock: ManualClock) {
  const opened = await openModuleDatabase(ledgerManifest, clock);
  const node = await opened.startNode();
  const teller = createTeller(node);
  const inDoubt: PaymentInDoubt[] = [];
  const app = await startApp(node, clock, inDoubt);
  const BASE = '/api/v1/admin/reconciliation';

  const get = (query: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url: `${BASE}${query}`, headers: { authorization: 'Bearer finance', ...headers } });

  /** A park of its own, with payments that the provider names by their references. */
  function park() {
    const parkId = `park-${ids.next().slice(-8)}`;
    const tag = parkId.slice(-4);
    const paymentIds = new Map<string, string>();
    const rows: string[] = [];
    return {
      parkId,
      ref: (name: string): string => `${name}-${tag}`,
      paymentIds,
      /** Money that we booked. */
      async book(name: string, som: number, succeededAtMs?: number): Promise<void> {
        const paymentId = ids.next();
        paymentIds.set(name, paymentId);
        await teller.payAs({ parkId, paymentId, som, reference: `${name}-${tag}`, succeededAtMs });
      },
      /** What the provider says. */
      line(name: string, som: string, fee = '', day = '05.12.2026', ...more: readonly string[]): void {
        rows.push([`${name}-${tag}`, som, fee, day, ...more].join(';'));
      },
      raw: (text: string): void => void rows.push(text),
      csv: (...more: readonly string[]): string =>
        [['Референс', 'Сумма', 'Комиссия', 'Дата', ...more].join(';'), ...rows, ''].join('\r\n'),
      /** Sums of accounts that are not empty, in som. */
      balances: () => teller.balancesOf(parkId),
    };
  }

  return {
    opened,
    node,
    teller,
    /** Payments whose outcome is unknown. */
    inDoubt,
    app,
    park,
    get,
    send(parkId: string | null, csv: string | Uint8Array, more: Record<string, string> = {}, token = 'finance') {
      const days = { method: 'elqr', from: '2026-12-05', to: '2026-12-05' };
      const of = parkId === null ? {} : { park_id: parkId };
      const query = new URLSearchParams({ ...days, ...of, ...COLUMNS, ...more });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
      const payload = Buffer.from(csv);
      return app.inject({ method: 'POST', url: `${BASE}/import?${query.toString()}`, headers, payload });
    },
    async list(parkId: string, query = ''): Promise<readonly Found[]> {
      const answer = await get(`?park_id=${parkId}&limit=100${query}`);
      return answer.json<{ items: readonly Found[] }>().items;
    },
    resolve: (id: string, body: object, token = 'finance') =>
      app.inject({
        method: 'POST',
        url: `${BASE}/${id}/resolve`,
        headers: { authorization: `Bearer ${token}` },
        payload: body,
      }),
    /** Compares, books or withdraws a statement. */
    async change(what: 'compare' | 'book' | 'withdraw', id: string, token = 'finance') {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await app.inject({ method: 'POST', url: `${BASE}/statements/${id}/${what}`, headers });
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json<Summary>() };
    },
    async close(): Promise<void> {
      await app.close();
      await opened.close();
    },
  };
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { fixtureInfo, startFixture, type Fixture } from '../../infrastructure/http/http-fixture.ts';
import type { Role, TokenVerifier } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createElcardProvider } from '../../infrastructure/payment-providers/elcard/elcard-provider.ts';
import { createFinikElqrProvider } from '../../infrastructure/payment-providers/finik/elqr-provider.ts';
import { ensureKeyPair } from '../../infrastructure/payment-providers/key-pair.ts';
import {
  SANDBOX_ELCARD_CLIENT,
  SANDBOX_ELCARD_PATH,
  startProviderSandbox,
} from '../../infrastructure/provider-sandbox/start-sandbox.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { DomainEvent } from '../../kernel/decider.ts';
import { refuse } from '../../kernel/result.ts';
import { amountOfElqrLink, sandboxElqrLink } from '../../main/elqr-links.ts';
import type { DeskTicket, KeepTicket } from './application/ports.ts';
import type { OnlineMethod } from './domain/payment-messages.ts';
import type { PaymentProvider } from './contract.ts';
import { createFakeDesk } from './desk.suite.ts';
import { createPaymentModule, paymentManifest, type PaymentModule } from './module.ts';

export const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
export const PARK = 'dordoi';
export const AMOUNT_TYIYN = 35_000n;
const HOLD_MS = 25 * 60_000;
/** A line that breaks is looked at once, and no breaker hides the next one. */
const ONE_TRY = { breaker: { failures: 1000, openMs: 1 }, repeats: { most: 0, firstPauseMs: 0 } };

/** What a line does to a request: carries it, refuses the connection, or loses the answer of one that was acted on. */
export type Line = 'up' | 'down' | 'deaf';

export type Webhook = { readonly rawBody: Buffer; readonly headers: Readonly<Record<string, string>> };

export type Reply = { readonly status: number; readonly body: Record<string, unknown> };

/** Payments on a database of their own, with the provider's sandbox on the other end of a line that can break. */
export type Till = {
  readonly clock: ManualClock;
  readonly node: TestNode;
  readonly opened: ModuleDatabase;
  /** ELQR. */
  readonly provider: PaymentProvider;
  readonly elcard: PaymentProvider;
  readonly payment: PaymentModule;
  /** Webhooks that the sandbox sent, as they came. */
  readonly webhooks: readonly Webhook[];
  readonly errors: unknown[];
  /** What our calls to the provider meet. */
  line: Line;
  /** Whether our webhook route takes messages of the provider; else it answers 503. */
  isListening: boolean;
  /** A second process of the program: the same routes over a memory of its own. */
  readonly elsewhere: Pick<Till, 'pay' | 'asStaff'>;
  /** Tickets that the desk gave up. */
  readonly givenUp: ReadonlySet<string>;
  /** What happens to a ticket of the desk after its sale. */
  readonly became: (ticketId: string, status: DeskTicket['status']) => void;
  /** Called before every call to the provider leaves. */
  beforeCall: () => Promise<void>;
  /** Sells a ticket that can be paid; answers its id. */
  sell(userId: string): string;
  pay(userId: string, ticketId: string, key?: string, body?: object): Promise<Reply>;
  /** `role` is held besides, at `parkId` or at all parks. */
  show(userId: string, paymentId: string, role?: Role, parkId?: string): Promise<Reply>;
  /** Asks as somebody with a role at a park; null is all parks. */
  asStaff(role: Role, method: 'GET' | 'POST', url: string, asked?: StaffAsks): Promise<Reply>;
  deliver(webhook: Webhook, provider?: string): Promise<number>;
  /** The payer pays or declines on the provider's page. */
  atProvider(payment: Reply, act: 'pay' | 'decline'): Promise<void>;
  events(type?: string): Promise<readonly DomainEvent[]>;
  /** Provider, event, note and whether it was applied, of every message kept. */
  inbox(): Promise<readonly Record<string, unknown>[]>;
  until(check: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

export type StaffAsks = {
  readonly parkId?: string;
  readonly key?: string;
  readonly body?: object;
  readonly userId?: string;
};

const INBOX = statement(
  'test.inbox',
  'select event_id, note, attempts, applied_at is not null as applied from payment.webhook_inbox order by received_at, event_id',
);

/** The token is the id of the guest, with a role and its park where it matters. */
const tokens: TokenVerifier = {
  async verify(token) {
    const [userId = '', role = 'guest', parkId = ''] = token.split('~');
    const held = { role: role as Role, parkId: parkId === '' ? null : parkId };
    return { kind: 'user', userId, sessionId: 's', roles: [held], actor: `user:${userId}` };
  },
};

/** The receiving end of webhooks, up before the route exists because the provider must be told its address. */
async function openDoor(webhooks: Webhook[], isListening: () => boolean) {
  let fixture: Fixture | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      );
      const webhook = { rawBody: Buffer.concat(chunks), headers };
      webhooks.push(webhook);
      const answer = fixture && isListening() ? deliverTo(fixture, webhook) : Promise.resolve(503);
      void answer.then((status) => response.writeHead(status).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}/api/v1/payments/webhooks/elqr`,
    leadTo: (to: Fixture) => void (fixture = to),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function deliverTo({ app }: Fixture, { rawBody, headers }: Webhook, provider = 'elqr'): Promise<number> {
  const url = `/api/v1/payments/webhooks/${provider}`;
  return (await app.inject({ method: 'POST', url, headers, payload: rawBody })).statusCode;
}

/** @param offered the methods that can be chosen */
export async function openTill(offered: readonly OnlineMethod[] = ['elqr']): Promise<Till> {
  const clock = createManualClock(NOON_MS);
  const folder = await mkdtemp(join(tmpdir(), 'skypark-till-'));
  const merchant = await ensureKeyPair(join(folder, 'merchant.pem'));
  const sandbox = await startProviderSandbox({
    port: 0,
    dataDir: join(folder, 'provider'),
    merchantPublicKeyPem: merchant.publicKeyPem,
    mode: 'demo',
    linkOf: sandboxElqrLink,
    clock,
    log: { info: () => undefined, warn: () => undefined },
  });
  const webhooks: Webhook[] = [];
  const door = await openDoor(webhooks, () => till.isListening);
  const provider = createFinikElqrProvider({
    apiKey: 'key',
    baseUrl: sandbox.url,
    accountId: 'account',
    signingKeyPem: merchant.privateKeyPem,
    webhookPublicKeyPems: [sandbox.publicKeyPem],
    webhookUrl: door.url,
    clockSkewMs: 300_000,
    clock,
    http: callOver(() => till),
    amountOfLink: amountOfElqrLink,
    ...ONE_TRY,
  });
  const elcard = createElcardProvider({
    ...SANDBOX_ELCARD_CLIENT,
    authMode: 'client_credentials',
    baseUrl: `${sandbox.url}${SANDBOX_ELCARD_PATH}`,
    clock,
    http: callOver(() => till),
    ...ONE_TRY,
  });
  const providers = new Map<OnlineMethod, PaymentProvider>().set('elqr', provider).set('elcard', elcard);
  const opened = await openModuleDatabase(paymentManifest, clock);
  const node = await opened.startNode();
  const tickets = new Map<string, string | null>();
  const desk = createFakeDesk(tickets);
  const keepTicket: KeepTicket = async ({ ticketId, userId }) =>
    tickets.get(ticketId) === userId
      ? { ok: true, value: { parkId: PARK, amountTyiyn: AMOUNT_TYIYN, expiresAtMs: NOON_MS + HOLD_MS } }
      : refuse({ code: 'ticket_not_found' });
  const errors: unknown[] = [];
  const processOn = async (of: TestNode) => {
    const payment = createPaymentModule({
      ...of,
      ids,
      clock,
      mayPay: async () => ({ ok: true, value: null }),
      ticketOwner: async (ticketId) => {
        const userId = tickets.get(ticketId);
        return userId === undefined ? null : { userId, parkId: PARK };
      },
      keepTicket,
      ...desk,
      sellTicket: desk.sellWith(of.runner),
      providers: new Map([...providers].filter(([method]) => offered.includes(method))),
      defaultReturnUrl: 'http://127.0.0.1/thanks',
      onError: (error) => void errors.push(error),
    });
    const info = {
      ...fixtureInfo,
      tags: [...fixtureInfo.tags, { name: 'payments', description: 'Payments' }, { name: 'gate', description: 'Gate' }],
    };
    return { payment, fixture: await startFixture({ routes: payment.routes, clock, ids, info, tokens }) };
  };
  const { payment, fixture } = await processOn(node);
  const other = await processOn(await opened.startNode());
  door.leadTo(fixture);

  type Asked = { readonly token: string; readonly key?: string; readonly body?: object };

  async function ask({ app }: Fixture, method: 'GET' | 'POST', url: string, asked: Asked): Promise<Reply> {
    const { token, key, body } = asked;
    const response = await app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${token}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
  }

  const payAt =
    (at: Fixture): Till['pay'] =>
    (userId, ticketId, key = ids.next(), body = {}) =>
      ask(at, 'POST', '/payments', { token: userId, key, body: { ticket_id: ticketId, method: 'elqr', ...body } });

  const asStaffAt =
    (at: Fixture): Till['asStaff'] =>
    (role, method, url, { parkId = '', userId = 'staff', ...asked } = {}) =>
      ask(at, method, url, {
        token: `${userId}~${role}~${parkId}`,
        ...(method === 'POST' && { key: ids.next() }),
        ...asked,
      });

  const till: Till = {
    clock,
    elcard,
    node,
    opened,
    provider,
    payment,
    webhooks,
    errors,
    line: 'up',
    isListening: true,
    beforeCall: async () => undefined,
    sell(userId) {
      const ticketId = ids.next();
      tickets.set(ticketId, userId);
      return ticketId;
    },
    pay: payAt(fixture),
    elsewhere: { pay: payAt(other.fixture), asStaff: asStaffAt(other.fixture) },
    givenUp: desk.givenUp,
    became: desk.became,
    show: (userId, paymentId, role = 'guest', parkId = '') =>
      ask(fixture, 'GET', `/payments/${paymentId}`, { token: `${userId}~${role}~${parkId}` }),
    asStaff: asStaffAt(fixture),
    deliver: (webhook, to) => deliverTo(fixture, webhook, to),
    async atProvider({ body }, act) {
      const { url } = body['action'] as { url: string };
      expect((await fetch(`${url}/${act}`, { method: 'POST' })).status).toBe(204);
    },
    async events(type) {
      const stored = await node.store.read(0, 100_000);
      return stored.filter((event) => type === undefined || event.type === type);
    },
    inbox: () => node.database.rows(INBOX, []),
    until: (check) => vi.waitFor(check, { timeout: 10_000, interval: 20 }),
    async close() {
      await Promise.all([fixture.app.close(), other.fixture.app.close()]);
      await sandbox.stop();
      await door.close();
      await opened.close();
      await rm(folder, { recursive: true });
    },
  };
  return till;
}

const callOver =
  (till: () => Till) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const { line, beforeCall } = till();
    await beforeCall();
    if (line === 'down')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
    const response = await fetch(url, init);
    if (line === 'up') return response;
    await response.body?.cancel();
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
  };

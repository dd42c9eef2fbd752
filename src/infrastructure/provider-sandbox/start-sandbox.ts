import { join } from 'node:path';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { assert } from '../../kernel/assert.ts';
import type { Clock } from '../../kernel/time.ts';
import { readPrivateKey, readPublicKey } from '../payment-providers/finik/signature.ts';
import { ensureKeyPair } from '../payment-providers/key-pair.ts';
import { bakaiRoutes } from './bakai-routes.ts';
import { elcardRoutes, type ElcardClient } from './elcard-routes.ts';
import { layFaults, type FaultTimes } from './fault-layer.ts';
import { faultRoutes } from './fault-routes.ts';
import { createFaultBook, type FaultPlan } from './faults.ts';
import { createFiscalBook } from './fiscal-book.ts';
import { fiscalRoutes } from './fiscal-routes.ts';
import { openJournal } from './journal.ts';
import { merchantRoutes } from './merchant-routes.ts';
import type { LinkBuilder } from './merchant-routes.ts';
import { createOrderBook } from './order-book.ts';
import type { Order } from './order-book.ts';
import { payerRoutes, settlementOf } from './payer-routes.ts';
import { problem } from './problem.ts';
import type { SandboxLog } from './sandbox-log.ts';
import { createWebhookDelivery } from './webhook-delivery.ts';

export type SandboxOptions = {
  /** 0 takes a free one. The server listens on loopback only. */
  readonly port: number;
  /** The sandbox's own folder: its keys and its journal. */
  readonly dataDir: string;
  readonly merchantPublicKeyPem: string;
  readonly mode: 'demo' | 'production';
  readonly linkOf: LinkBuilder;
  /** Where messages of wire profile bakai-v1 go; nowhere when absent. */
  readonly bakaiWebhookUrl?: string;
  readonly clock: Clock;
  readonly log: SandboxLog;
  /** Faults from the start; none when absent. Others are asked for over HTTP, see `faultRoutes`. */
  readonly faultPlan?: FaultPlan | null;
  /** `USUAL_TIMES` when absent. */
  readonly faultTimes?: FaultTimes;
};

/** An answer that is lost keeps merchants waiting for longer than they do; a slow one does not. */
export const USUAL_TIMES: FaultTimes = { silentMs: 12_000, slowMs: 1500 };

export type ProviderSandbox = {
  readonly url: string;
  /** Verifies the webhooks. */
  readonly publicKeyPem: string;
  stop(): Promise<void>;
};

/** Where the sandbox keeps its signing key inside its folder; `ensureKeyPair` of it gives the public half at any time. */
export const sandboxKeyFile = (dataDir: string): string => join(dataDir, 'provider.pem');

/** Where its card API stands below its origin. */
export const SANDBOX_ELCARD_PATH = '/elcard';
/** Who may call that. No secret: the sandbox listens on loopback only and moves no money. */
export const SANDBOX_ELCARD_CLIENT: ElcardClient = { clientId: 'sky-park-demo', clientSecret: 'sandbox' };

/** Where its cash register stands below its origin, and where it shows receipts. */
export const SANDBOX_FISCAL_PATH = '/fiscal';
export const SANDBOX_RECEIPT_PATH = '/tax-web-control/client/api/v1/ticket';

/**
 * Payment providers to play with: ELQR by wire profiles finik-v1 and bakai-v1, ElCard by a bank's hosted page, and a cash register. It lets anybody who has an order's address be the payer,
 * and remembers every payment across a kill -9.
 * @throws in production mode, when the port is taken, or when its journal was edited.
 */
export async function startProviderSandbox(options: SandboxOptions): Promise<ProviderSandbox> {
  if (options.mode === 'production') throw new Error('the provider sandbox does not run in production mode');
  const { clock, dataDir, linkOf, log, faultPlan = null, faultTimes = USUAL_TIMES } = options;
  const merchantKey = readPublicKey(options.merchantPublicKeyPem);
  const keys = await ensureKeyPair(sandboxKeyFile(dataDir));
  const { journal, lines } = await openJournal(join(dataDir, 'journal.jsonl'));
  const book = createOrderBook(journal, lines);
  const faults = createFaultBook(faultPlan);
  const delivery = createWebhookDelivery({
    signingKey: readPrivateKey(keys.privateKeyPem),
    clock,
    log,
    faults,
    lateMs: faultTimes.slowMs,
    acknowledged: ({ orderId, settlement }) => book.markDelivered(orderId, settlement?.eventId ?? ''),
  });
  const refresh = async (order: Order): Promise<Order> => {
    const over = order.settlement === null && clock.now() >= order.expiresAtMs;
    return over ? book.settle(order.orderId, settlementOf('expired', clock.now())) : order;
  };
  const settled = (order: Order): void => {
    if (!order.delivered) delivery.deliver(order);
  };
  const server = createServer(log);
  layFaults(server, faults, faultTimes);
  faultRoutes(server, faults, book);
  merchantRoutes(server, { book, clock, merchantKey, linkOf, refresh, origin: () => originOf(server) });
  elcardRoutes(server, { book, clock, client: SANDBOX_ELCARD_CLIENT, refresh, origin: () => originOf(server) });
  const access = await openJournal(join(dataDir, 'bakai-access.jsonl'));
  const webhookUrl = options.bakaiWebhookUrl ?? null;
  bakaiRoutes(server, { book, clock, linkOf, webhookUrl, access, origin: () => originOf(server) });
  payerRoutes(server, { book, faults, clock, refresh, settled });
  const fiscal = await openJournal(join(dataDir, 'fiscal.jsonl'));
  fiscalRoutes(server, { book: createFiscalBook(fiscal.journal, fiscal.lines), clock });
  const closeJournals = () => Promise.all([journal, access.journal, fiscal.journal].map((one) => one.close()));
  try {
    await server.listen({ host: '127.0.0.1', port: options.port });
  } catch (error) {
    await closeJournals();
    throw error;
  }
  const url = originOf(server);
  const due = book.undelivered();
  due.forEach(settled);
  if (due.length > 0) log.info({ webhooks: due.length }, 'sending what was not acknowledged before');
  return {
    url,
    publicKeyPem: keys.publicKeyPem,
    async stop() {
      await server.close();
      await delivery.stop();
      await closeJournals();
    },
  };
}

function originOf(server: FastifyInstance): string {
  const address = server.server.address();
  assert(address !== null && typeof address === 'object', 'the sandbox does not listen');
  return `http://${address.address}:${address.port}`;
}

/** Bodies stay raw: a signature covers the bytes, and a form of the payer page says nothing. */
function createServer(log: SandboxLog): FastifyInstance {
  const server = Fastify({
    bodyLimit: 65_536,
    forceCloseConnections: true,
    requestTimeout: 10_000,
    routerOptions: { maxParamLength: 64 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setNotFoundHandler((_request, reply) => problem(reply, 404, 'not_found', 'There is nothing here.'));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.warn({ error }, 'the provider sandbox failed');
    return problem(reply, status, status >= 500 ? 'internal' : 'bad_request', 'The request could not be handled.');
  });
  return server;
}

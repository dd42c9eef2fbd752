import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../kernel/time.ts';
import { KGS, keyOfOperation, operationOf } from '../payment-providers/bakai/operation.ts';
import { parseJson } from '../payment-providers/finik/canonical-json.ts';
import { isWireSom, toWireSom, wireSomToTyiyn, type WireSom } from '../payment-providers/wire-som.ts';
import type { FaultPoint } from './fault-layer.ts';
import type { Journal } from './journal.ts';
import type { LinkBuilder } from './merchant-routes.ts';
import type { Order, OrderBook } from './order-book.ts';
import { problem } from './problem.ts';

/** What the bank agreed with its one merchant. No secrets: the sandbox listens on loopback only and moves no money. */
export const SANDBOX_BAKAI = {
  login: 'sky-park-demo',
  /** Good for one login, ever. */
  password: 'one-time-password',
  accountNo: '1240000000000000',
  webhookSecret: 'sandbox-webhook-secret',
} as const;

/** Where this API stands below the sandbox's origin. */
export const SANDBOX_BAKAI_PATH = '/bakai';

export type BakaiOptions = {
  readonly book: OrderBook;
  readonly clock: Clock;
  readonly linkOf: LinkBuilder;
  /** Origin of this server; known once it listens. */
  readonly origin: () => string;
  /** Where the merchant wants its messages; null: nowhere. */
  readonly webhookUrl: string | null;
  /** Tokens that were given out, as digests, and where they are kept. */
  readonly access: { readonly journal: Journal; readonly lines: readonly unknown[] };
};

const Login = Compile(Type.Object({ login: Type.String(), password: Type.String() }));
const ttl = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const units = Type.Integer({ minimum: 0, maximum: 5 });
const PayLink = Compile(
  Type.Object({
    amount: Type.Number({ exclusiveMinimum: 0 }),
    transactionID: Type.String({ maxLength: 32 }),
    comment: Type.Optional(Type.String({ maxLength: 100 })),
    redirectURL: Type.String({ pattern: '^https?://', maxLength: 2_048 }),
    ttl,
    ttlUnits: units,
  }),
);
const Code = Compile(
  Type.Object({
    accountNo: Type.Literal(SANDBOX_BAKAI.accountNo),
    currencyId: Type.Literal(KGS),
    amount: Type.Number({ exclusiveMinimum: 0 }),
    operationID: Type.String({ maxLength: 32 }),
    qrTtl: ttl,
    qrTtlUnits: units,
  }),
);
const Granted = Compile(Type.Object({ tokenSha256: Type.String() }));

/** Seconds, minutes, hours, days, months and years. */
const UNIT_MS = [1000, 60_000, 3_600_000, 86_400_000, 30 * 86_400_000, 365 * 86_400_000] as const;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const jsonOf = ({ body }: FastifyRequest): unknown => (Buffer.isBuffer(body) ? parseJson(body.toString('utf8')) : null);

const Named = Compile(
  Type.Union([Type.Object({ transactionID: Type.String() }), Type.Object({ operationID: Type.String() })]),
);
const CREATE: FaultPoint = {
  moment: 'create',
  orderKeyOf(request) {
    const body = jsonOf(request);
    if (!Named.Check(body)) return null;
    return keyOfOperation('transactionID' in body ? body.transactionID : body.operationID);
  },
  errorIn200: { error: 'Internal error' },
};

type Asked = {
  readonly amount: WireSom;
  readonly operation: string;
  readonly comment: string;
  readonly redirectUrl: string;
  readonly lifeMs: number;
};

/**
 * The merchant's side of wire profile bakai-v1: one login for a token without end, a page or a code to pay by, and nothing
 * that tells how an order stands. Faults are problem details; amounts are numbers in som.
 */
export function bakaiRoutes(server: FastifyInstance, options: BakaiOptions): void {
  const { access } = options;
  const tokens = new Set(access.lines.filter((line) => Granted.Check(line)).map(({ tokenSha256 }) => tokenSha256));

  server.post(`${SANDBOX_BAKAI_PATH}/Auth/Login`, async (request, reply) => {
    const body = jsonOf(request);
    if (!Login.Check(body)) return problem(reply, 400, 'bad_request', 'login and password are needed.');
    const isRight = body.login === SANDBOX_BAKAI.login && body.password === SANDBOX_BAKAI.password;
    if (!isRight || tokens.size > 0) return problem(reply, 401, 'unauthorized', 'The password is wrong or was used.');
    const token = randomBytes(32).toString('base64url');
    tokens.add(sha256(token));
    await access.journal.append({ tokenSha256: sha256(token) });
    return reply.send({ token });
  });

  function operation(path: string, answer: (body: unknown, reply: FastifyReply) => Promise<FastifyReply>): void {
    server.post(`${SANDBOX_BAKAI_PATH}${path}`, { config: { faults: CREATE } }, async (request, reply) => {
      const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
      if (!tokens.has(sha256(token))) return problem(reply, 401, 'unauthorized', 'The token is unknown.');
      return answer(jsonOf(request), reply);
    });
  }

  operation('/api/PayLink/CreatePayLink', async (body, reply) => {
    if (!PayLink.Check(body) || !isWireSom(body.amount)) return badOrder(reply);
    const { amount, transactionID, comment = '', redirectURL: redirectUrl } = body;
    const lifeMs = body.ttl * (UNIT_MS[body.ttlUnits] ?? 0);
    const order = await keep({ amount, operation: transactionID, comment, redirectUrl, lifeMs }, options);
    if (order === null) return badOrder(reply);
    return reply.type('text/plain; charset=utf-8').send(order.link.split('#')[0]);
  });
  operation('/api/Qr/GenerateQR', async (body, reply) => {
    if (!Code.Check(body) || !isWireSom(body.amount)) return badOrder(reply);
    const lifeMs = body.qrTtl * (UNIT_MS[body.qrTtlUnits] ?? 0);
    const { amount, operationID } = body;
    const order = await keep({ amount, operation: operationID, comment: '', redirectUrl: '', lifeMs }, options);
    return order === null ? badOrder(reply) : reply.send({ qrLink: order.link, qrImage: '' });
  });
}

const badOrder = (reply: FastifyReply): FastifyReply =>
  problem(reply, 400, 'bad_request', 'A field is missing or wrong, or another sum has this name.');

/** The order of that name; null when it is none of the merchant's names, or has another amount. */
async function keep(asked: Asked, { book, clock, linkOf, origin, webhookUrl }: BakaiOptions): Promise<Order | null> {
  const paymentId = keyOfOperation(asked.operation);
  if (paymentId === null) return null;
  const orderId = randomUUID();
  const amountTyiyn = wireSomToTyiyn(asked.amount);
  const displayName = 'Sky Park';
  const pageUrl = `${origin()}/payer/${orderId}`;
  const kept = await book.create({
    orderId,
    paymentId,
    amountTyiyn: amountTyiyn.toString(),
    accountId: SANDBOX_BAKAI.accountNo,
    displayName,
    description: asked.comment,
    redirectUrl: asked.redirectUrl,
    webhookUrl,
    link: linkOf({ pageUrl, orderId, amountTyiyn, categoryCode: '7996', displayName }),
    createdAtMs: clock.now(),
    expiresAtMs: clock.now() + asked.lifeMs,
    requestBody: '',
    isUnsigned: true,
  });
  return kept.amountTyiyn === amountTyiyn.toString() && kept.isUnsigned === true ? kept : null;
}

/** What the bank tells the merchant, without a signature. @param chargedTyiyn what the payer paid */
export function bakaiMessage({ paymentId, accountId, description, settlement }: Order, chargedTyiyn: bigint): object {
  return {
    accountNo: accountId,
    amount: toWireSom(chargedTyiyn),
    currencyID: KGS,
    operationID: operationOf(paymentId),
    comment: description,
    qrTransactionID: settlement?.eventId,
    elqrID: settlement?.transactionId,
    operationState: settlement?.outcome === 'paid' ? 'success' : 'error',
  };
}

import { randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { isUuid } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import { parseJson } from '../payment-providers/finik/canonical-json.ts';
import { verifyRequest } from '../payment-providers/finik/signature.ts';
import { isWireSom, toWireSom, wireSomToTyiyn } from '../payment-providers/wire-som.ts';
import type { FaultPoint } from './fault-layer.ts';
import { chargedTyiyn, type Order, type OrderBook, type OrderFields } from './order-book.ts';
import { problem } from './problem.ts';
import { bodyOf } from './raw-body.ts';

const CLOCK_SKEW_MS = 300_000;
const ORDER_LIFE_MS = 900_000;

const CreateBody = Compile(
  Type.Object({
    Amount: Type.Number({ exclusiveMinimum: 0 }),
    CardType: Type.Literal('FINIK_QR'),
    PaymentId: Type.String(),
    RedirectUrl: Type.String({ pattern: '^https?://', maxLength: 2_048 }),
    Data: Type.Object({
      accountId: Type.String({ minLength: 1, maxLength: 64 }),
      merchantCategoryCode: Type.String({ pattern: '^[0-9]{4}$' }),
      name_en: Type.String({ minLength: 1, maxLength: 25 }),
      webhookUrl: Type.String({ pattern: '^https?://', maxLength: 2_048 }),
      description: Type.Optional(Type.String({ maxLength: 120 })),
      expiresAt: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  }),
);

/** Makes the ELQR link of an order; `pageUrl` has no fragment. */
export type LinkBuilder = (order: {
  readonly pageUrl: string;
  readonly orderId: string;
  readonly amountTyiyn: bigint;
  readonly categoryCode: string;
  readonly displayName: string;
}) => string;

export type MerchantOptions = {
  readonly book: OrderBook;
  readonly clock: Clock;
  readonly merchantKey: KeyObject;
  readonly linkOf: LinkBuilder;
  /** Origin of this server; known once it listens. */
  readonly origin: () => string;
  /** Marks an order as expired when its time is over. */
  readonly refresh: (order: Order) => Promise<Order>;
};

const ERROR_IN_200 = { errors: [{ message: 'Internal error', errorType: 'INTERNAL' }] };

const CREATE: FaultPoint = {
  moment: 'create',
  orderKeyOf(request) {
    const body = parseJson(bodyOf(request).toString('utf8'));
    return CreateBody.Check(body) ? body.PaymentId : null;
  },
  errorIn200: ERROR_IN_200,
};
const STATUS_QUERY: FaultPoint = {
  moment: 'status',
  orderKeyOf: ({ params }) => (params as { readonly paymentId: string }).paymentId,
  errorIn200: ERROR_IN_200,
};

/** The merchant's side of wire profile finik-v1: create (idempotent by PaymentId) and status, both signed. */
export function merchantRoutes(server: FastifyInstance, options: MerchantOptions): void {
  const { book, refresh } = options;
  server.post('/v1/payment', { config: { faults: CREATE } }, async (request, reply) => {
    if (!isSigned(request, options))
      return problem(reply, 403, 'bad_signature', 'The signature or its timestamp is wrong.');
    return create(bodyOf(request), reply, options);
  });
  const status = { config: { faults: STATUS_QUERY } };
  server.get<{ Params: { paymentId: string } }>('/v1/payment/:paymentId', status, async (request, reply) => {
    if (!isSigned(request, options))
      return problem(reply, 403, 'bad_signature', 'The signature or its timestamp is wrong.');
    const order = await book.byPaymentId(request.params.paymentId);
    if (order === null) return problem(reply, 404, 'not_found', 'There is no such payment.');
    return reply.send(statusOf(await refresh(order)));
  });
}

function isSigned(request: FastifyRequest, { merchantKey, clock }: MerchantOptions): boolean {
  const address = `http://${request.headers.host}${request.raw.url}`;
  if (!URL.canParse(address) || request.headers['x-api-key'] === undefined) return false;
  const received = {
    method: request.method,
    url: new URL(address),
    headers: request.headers,
    rawBody: bodyOf(request),
  };
  return verifyRequest(received, [merchantKey], { nowMs: clock.now(), clockSkewMs: CLOCK_SKEW_MS }) === 'valid';
}

async function create(rawBody: Buffer, reply: FastifyReply, options: MerchantOptions): Promise<FastifyReply> {
  const requestBody = rawBody.toString('utf8');
  const order = newOrder(requestBody, options);
  if (order === null) return problem(reply, 400, 'bad_order', 'The order has a missing or a wrong field.');
  const kept = await options.book.create(order);
  if (kept.requestBody !== requestBody)
    return problem(reply, 409, 'payment_id_used', 'Another order has this PaymentId.');
  return reply.code(302).header('location', kept.link).send();
}

function newOrder(requestBody: string, { clock, linkOf, origin }: MerchantOptions): OrderFields | null {
  const body = parseJson(requestBody);
  if (!CreateBody.Check(body) || !isUuid(body.PaymentId) || !isWireSom(body.Amount)) return null;
  const { Data: data } = body;
  const orderId = randomUUID();
  const amountTyiyn = wireSomToTyiyn(body.Amount);
  const about = { orderId, amountTyiyn, categoryCode: data.merchantCategoryCode, displayName: data.name_en };
  return {
    orderId,
    paymentId: body.PaymentId,
    amountTyiyn: amountTyiyn.toString(),
    accountId: data.accountId,
    displayName: data.name_en,
    description: data.description ?? '',
    redirectUrl: body.RedirectUrl,
    webhookUrl: data.webhookUrl,
    link: linkOf({ ...about, pageUrl: `${origin()}/payer/${orderId}` }),
    createdAtMs: clock.now(),
    expiresAtMs: data.expiresAt ?? clock.now() + ORDER_LIFE_MS,
    requestBody,
  };
}

const STATUS = { paid: 'SUCCEEDED', declined: 'FAILED', expired: 'EXPIRED' } as const;

function statusOf(order: Order): object {
  const { paymentId, accountId, settlement } = order;
  const about = { PaymentId: paymentId, accountId, amount: toWireSom(chargedTyiyn(order)) };
  if (settlement === null) return { ...about, status: 'PENDING' };
  const status = STATUS[settlement.outcome];
  return { ...about, status, transactionId: settlement.transactionId, transactionDate: settlement.atMs };
}

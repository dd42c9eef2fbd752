import { randomBytes, randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { isUuid } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import type { FaultPoint } from './fault-layer.ts';
import { chargedTyiyn, refundedTyiyn, type Order, type OrderBook } from './order-book.ts';
import { formOf, type Form } from './raw-body.ts';

/** Who may call the card API, and with what. */
export type ElcardClient = { readonly clientId: string; readonly clientSecret: string };

export type ElcardOptions = {
  readonly book: OrderBook;
  readonly clock: Clock;
  readonly client: ElcardClient;
  /** Origin of this server; known once it listens. */
  readonly origin: () => string;
  /** Marks an order as expired when its time is over. */
  readonly refresh: (order: Order) => Promise<Order>;
};

const TOKEN_LIFE_MS = 300_000;
const LONGEST_SESSION_S = 86_400;
const ACCOUNT = 'elcard';
const SESSION_EXPIRED = -2007;
const KGS = '417';

/** What was wrong, by the numbers of this profile. */
const REFUSED = {
  orderNumberUsed: { errorCode: '1', errorMessage: 'Another order has this number' },
  badRequest: { errorCode: '5', errorMessage: 'A value is missing or wrong' },
  accessDenied: { errorCode: '5', errorMessage: 'Access denied' },
  ownFault: { errorCode: '7', errorMessage: 'System error' },
  unknownOrder: { errorCode: '6', errorMessage: 'There is no such order' },
} as const;

/**
 * A card bank's hosted-page REST API: token, register (idempotent by order number), extended status, refund (idempotent by
 * `externalRefundId`). Amounts are in tyiyn, and a refusal is a 200 with an error code. The payer's page is the sandbox's one.
 */
export function elcardRoutes(server: FastifyInstance, options: ElcardOptions): void {
  const { book, clock, client, refresh } = options;
  // In memory on purpose: a restart ends all tokens, as a bank does when it likes.
  const tokens = new Map<string, number>();

  server.post('/elcard/oauth/token', async (request, reply) => {
    if (!isClient(request.headers.authorization, client)) return reply.code(401).send({ error: 'invalid_client' });
    if (formOf(request)['grant_type'] !== 'client_credentials') {
      return reply.code(400).send({ error: 'unsupported_grant_type' });
    }
    const token = randomBytes(24).toString('base64url');
    tokens.set(token, clock.now() + TOKEN_LIFE_MS);
    return reply.send({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_MS / 1000 });
  });

  function operation(
    name: string,
    { orderKeyOf, moment }: Pick<FaultPoint, 'moment'> & { readonly orderKeyOf: (form: Form) => string | null },
    answer: (form: Form) => Promise<object>,
  ): void {
    const faults: FaultPoint = {
      moment,
      orderKeyOf: (request) => orderKeyOf(formOf(request)),
      errorIn200: REFUSED.ownFault,
    };
    const path = `/elcard/payment/rest/${name}`;
    server.post(path, { config: { faults } }, async (request, reply): Promise<FastifyReply> => {
      const form = formOf(request);
      const isLogin = form['userName'] !== undefined || form['password'] !== undefined;
      if (isLogin && !isLoginOf(form, client)) return reply.send(REFUSED.accessDenied);
      const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
      const isKnown = isLogin || (tokens.get(token) ?? 0) > clock.now();
      return isKnown ? reply.send(await answer(form)) : reply.code(401).send({ error: 'invalid_token' });
    });
  }

  const cardOrder = async (found: Order | null): Promise<Order | null> =>
    found?.accountId === ACCOUNT ? refresh(found) : null;

  const byNumber = ({ orderNumber }: Form): string | null => orderNumber ?? null;
  operation('register.do', { moment: 'create', orderKeyOf: byNumber }, (form) => register(form, options));
  operation('getOrderStatusExtended.do', { moment: 'status', orderKeyOf: byNumber }, async ({ orderNumber = '' }) => {
    const order = await cardOrder(await book.byPaymentId(orderNumber));
    return order === null ? REFUSED.unknownOrder : statusOf(order);
  });
  const byId = ({ orderId = '' }: Form): string | null => book.paymentIdOf(orderId);
  operation(
    'refund.do',
    { moment: 'refund', orderKeyOf: byId },
    async ({ orderId = '', amount = '', externalRefundId: refundKey = '' }) => {
      const order = await cardOrder(await book.byOrderId(orderId));
      if (order === null) return REFUSED.unknownOrder;
      if (!isAmount(amount) || refundKey === '' || refundKey.length > 64) return REFUSED.badRequest;
      const refund = { refundKey, amountTyiyn: amount, atMs: clock.now() };
      return (await book.refund(orderId, refund)) ? { errorCode: '0' } : REFUSED.badRequest;
    },
  );
}

const isAmount = (text: string): boolean => /^[1-9]\d{0,11}$/.test(text);

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function isClient(authorization: string | undefined, { clientId, clientSecret }: ElcardClient): boolean {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return isSame(authorization ?? '', `Basic ${Buffer.from(pair).toString('base64')}`);
}

/** The pair may come with every form instead of a token. */
const isLoginOf = ({ userName = '', password = '' }: Form, { clientId, clientSecret }: ElcardClient): boolean =>
  isSame(JSON.stringify([userName, password]), JSON.stringify([clientId, clientSecret]));

async function register(form: Form, { book, clock, origin }: ElcardOptions): Promise<object> {
  const {
    orderNumber = '',
    amount = '',
    currency,
    returnUrl = '',
    description = '',
    sessionTimeoutSecs = '1200',
  } = form;
  const seconds = Number(sessionTimeoutSecs);
  const isGood =
    isUuid(orderNumber) &&
    isAmount(amount) &&
    currency === KGS &&
    /^https?:\/\//.test(returnUrl) &&
    Number.isInteger(seconds) &&
    seconds >= 1 &&
    seconds <= LONGEST_SESSION_S;
  if (!isGood) return REFUSED.badRequest;
  const orderId = randomUUID();
  const kept = await book.create({
    orderId,
    paymentId: orderNumber,
    amountTyiyn: amount,
    accountId: ACCOUNT,
    displayName: 'ElCard',
    description: description.slice(0, 120),
    redirectUrl: returnUrl,
    webhookUrl: null,
    link: `${origin()}/payer/${orderId}`,
    createdAtMs: clock.now(),
    expiresAtMs: clock.now() + seconds * 1000,
    requestBody: '',
    threeDSecure: true,
  });
  const isSameOrder = kept.amountTyiyn === amount && kept.accountId === ACCOUNT;
  return isSameOrder ? { orderId: kept.orderId, formUrl: kept.link } : REFUSED.orderNumberUsed;
}

const ORDER_STATUS = { paid: 2, declined: 6, expired: 6 } as const;
const REGISTERED = 0;
/** The card's bank asks the card holder for a code. */
const ACS_STARTED = 5;
const REFUNDED = 4;

function statusOf(order: Order): object {
  const { orderId, paymentId, amountTyiyn, settlement, refunds, wrongCodes } = order;
  const about = {
    errorCode: '0',
    orderNumber: paymentId,
    amount: Number(amountTyiyn),
    currency: KGS,
    attributes: [{ name: 'mdOrder', value: orderId }],
  };
  if (settlement === null) return { ...about, orderStatus: wrongCodes === null ? REGISTERED : ACS_STARTED };
  const { outcome, atMs, transactionId } = settlement;
  if (outcome !== 'paid') {
    return { ...about, orderStatus: ORDER_STATUS[outcome], actionCode: outcome === 'expired' ? SESSION_EXPIRED : -1 };
  }
  const [depositedTyiyn, backTyiyn] = [chargedTyiyn(order), refundedTyiyn(order)];
  return {
    ...about,
    orderStatus: backTyiyn === depositedTyiyn ? REFUNDED : ORDER_STATUS.paid,
    actionCode: 0,
    authDateTime: atMs,
    authRefNum: transactionId,
    paymentAmountInfo: { depositedAmount: Number(depositedTyiyn), refundedAmount: Number(backTyiyn) },
    refunds: refunds.map(({ refundKey, amountTyiyn: refunded, atMs: refundedAtMs }) => ({
      externalRefundId: refundKey,
      amount: Number(refunded),
      date: refundedAtMs,
    })),
  };
}

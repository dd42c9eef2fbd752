import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../../kernel/time.ts';
import type { CreateOutcome, CreateRequest, PaymentProvider } from '../../../modules/payment/contract.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { createOutcome, elqrAction, type LinkReading } from '../create-outcome.ts';
import { createProviderCalls, type CallOptions } from '../provider-calls.ts';
import { toWireSom, type WireSom } from '../wire-som.ts';
import { createExchange, type Answer, type Bearer } from './exchange.ts';
import { KGS, operationOf } from './operation.ts';
import { createWebhookReader, type WebhookGuard } from './webhook.ts';

/** `page`: the payer is sent to a page of the bank and comes back; `qr`: the payer scans or opens a code. */
export type OrderForm = 'page' | 'qr';

export type BakaiElqrOptions = LinkReading &
  WebhookGuard &
  Omit<CallOptions, 'clock'> & {
    readonly bearer: Bearer;
    readonly orderForm: OrderForm;
    readonly clock: Clock;
    readonly http: HttpFetch;
  };

const SECONDS = 0;
/** The comment of an ELQR code is that short. */
const LONGEST_COMMENT = 32;

const Code = Compile(Type.Object({ qrLink: Type.String() }));

/**
 * ELQR through a bank that speaks wire profile bakai-v1, after public integrations of its OpenBanking API. It has no call that
 * tells how an order stands and none that gives money back, and its messages are not signed. An order is a request for money,
 * not a charge: one that is made again under our key after a lost answer costs nobody anything.
 * @throws when a sender is no address.
 */
export function createBakaiElqrProvider(options: BakaiElqrOptions): PaymentProvider {
  const { clock, orderForm } = options;
  const exchange = createExchange(options);
  const calls = createProviderCalls(options);
  return {
    name: 'elqr',
    capabilities: { statusQuery: false, refund: 'none', cancelUnpaid: false, signedWebhook: false },
    takesOrders: () => calls.takesOrders(),
    async create(request) {
      const called = await calls.create((signal) =>
        orderForm === 'page'
          ? exchange('/api/PayLink/CreatePayLink', payLink(request, clock.now()), signal)
          : exchange('/api/Qr/GenerateQR', code(request, options.accountNo, clock.now()), signal),
      );
      return createOutcome(called, (answer) => actionIn(answer, request, options));
    },
    status: async () => ({ kind: 'unknown' }),
    refund: async () => ({ kind: 'failed', reason: 'the provider offers no refunds', retryable: false }),
    refundStatus: async () => ({ kind: 'not_found' }),
    parseWebhook: createWebhookReader(options),
  };
}

export type PayLinkOrder = {
  readonly amount: WireSom;
  readonly transactionID: string;
  readonly comment: string;
  readonly redirectURL: string;
  readonly ttl: number;
  readonly ttlUnits: typeof SECONDS;
};
export type CodeOrder = {
  readonly accountNo: string;
  readonly currencyId: typeof KGS;
  readonly amount: WireSom;
  readonly operationID: string;
  readonly qrTtl: number;
  readonly qrTtlUnits: typeof SECONDS;
};

const secondsLeft = ({ expiresAtMs }: CreateRequest, nowMs: number): number =>
  Math.max(1, Math.floor((expiresAtMs - nowMs) / 1000));

const payLink = (request: CreateRequest, nowMs: number): PayLinkOrder => ({
  amount: toWireSom(request.amountTyiyn),
  transactionID: operationOf(request.providerKey),
  comment: request.description.slice(0, LONGEST_COMMENT),
  redirectURL: request.returnUrl,
  ttl: secondsLeft(request, nowMs),
  ttlUnits: SECONDS,
});

const code = (request: CreateRequest, accountNo: string, nowMs: number): CodeOrder => ({
  accountNo,
  currencyId: KGS,
  amount: toWireSom(request.amountTyiyn),
  operationID: operationOf(request.providerKey),
  qrTtl: secondsLeft(request, nowMs),
  qrTtlUnits: SECONDS,
});

/** A pay link is a text, a code an object. */
function actionIn({ status, body }: Answer, request: CreateRequest, reading: LinkReading): CreateOutcome {
  if (status !== 200) return { kind: 'unknown' };
  if (typeof body === 'string') return elqrAction(body, request, reading);
  return Code.Check(body) ? elqrAction(body.qrLink, request, reading) : { kind: 'unknown' };
}

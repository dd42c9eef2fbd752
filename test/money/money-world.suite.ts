import type { ManualClock } from '../../src/infrastructure/clock.ts';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import { createZone } from '../../src/infrastructure/zone.ts';
import { createCommandRunner } from '../../src/kernel/command-runner.ts';
import type { EventCodec } from '../../src/kernel/event-codec.ts';
import type { EventStore } from '../../src/kernel/event-store.ts';
import type { Flow } from '../../src/kernel/flow.ts';
import { ok } from '../../src/kernel/result.ts';
import { PARKS_TIME_ZONE } from '../../src/kernel/time.ts';
import { createMarkRefunded } from '../../src/modules/booking/application/mark-refunded.ts';
import { createPaymentsOfTicket } from '../../src/modules/booking/application/payments-of-ticket.ts';
import type { ExpiredHolds } from '../../src/modules/booking/application/ports.ts';
import { ticket } from '../../src/modules/booking/domain/ticket.ts';
import { openSalesOffice } from '../../src/modules/booking/sales.suite.ts';
import { createAdvanceRefund } from '../../src/modules/payment/application/advance-refund.ts';
import { createAskProvider } from '../../src/modules/payment/application/ask-provider.ts';
import { createFollowRefunds } from '../../src/modules/payment/application/follow-refunds.ts';
import { createPollPayments } from '../../src/modules/payment/application/poll-payments.ts';
import { createPollUnpaid } from '../../src/modules/payment/application/poll-unpaid.ts';
import type { Payments, Refunds, WebhookInbox } from '../../src/modules/payment/application/ports.ts';
import { createWebhooks } from '../../src/modules/payment/application/receive-webhook.ts';
import { createRecordOutcome } from '../../src/modules/payment/application/record-outcome.ts';
import {
  createAskForRefund,
  createLastRefundOf,
  createPayOutRefund,
  createRequestRefund,
} from '../../src/modules/payment/application/request-refund.ts';
import { createSellAtDesk } from '../../src/modules/payment/application/sell-at-desk.ts';
import { createTills } from '../../src/modules/payment/application/shifts.ts';
import { createSettleByStatement } from '../../src/modules/payment/application/settle-by-statement.ts';
import { createStartPayment } from '../../src/modules/payment/application/start-payment.ts';
import type { BookProvider } from '../../src/modules/payment/book-provider.suite.ts';
import { payment } from '../../src/modules/payment/domain/payment.ts';
import type { PaymentState } from '../../src/modules/payment/domain/payment-state.ts';
import type { OnlineMethod } from '../../src/modules/payment/domain/payment-messages.ts';
import { CRASHED, createLife, type CrashPoint, type Life } from '../support/crash-plan.ts';
import { createPurchaseFlow } from '../../src/flows/purchase.ts';
import { createRefundFlow } from '../../src/flows/refund.ts';

/** What outlives a process. */
export type MoneyGround = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly payments: Payments;
  readonly refunds: Pick<Refunds, 'open'>;
  readonly inbox: WebhookInbox;
  readonly expiredHolds: ExpiredHolds;
};

export type Books = Readonly<Record<OnlineMethod, BookProvider>>;

export type Place = {
  readonly ground: MoneyGround;
  readonly books: Books;
  readonly clock: ManualClock;
  readonly parkId: string;
  readonly quota: number;
};

/** How far each flow has come. */
type Checkpoints = { get(flow: string): Promise<number>; put(flow: string, position: number): Promise<void> };

/** The use cases of payments, booking and the flows between them, as one process of the program has them. */
function startProcess({ ground, books, clock, parkId, quota }: Place, checkpoints: Checkpoints, life: Life) {
  const store = life.wrap('store', ground.store);
  const { codec } = ground;
  const runner = createCommandRunner({ store, codec, ids, clock });
  const [payments, refunds] = [life.wrap('payments', ground.payments), life.wrap('refunds', ground.refunds)];
  const isSync = (method: string): boolean => method === 'parseWebhook' || method === 'takesOrders';
  const providers = new Map(
    (['elqr', 'elcard'] as const).map((method) => [method, life.wrap(method, books[method].provider, isSync)] as const),
  );
  const holds = life.wrap('holds', { expired: ground.expiredHolds });
  const expiredHolds: ExpiredHolds = (...asked) => holds.expired(...asked);
  const office = openSalesOffice({ store, codec, expiredHolds }, clock, parkId, quota);
  const onError = (error: unknown): never => {
    throw error;
  };
  const tools = { runner, store, ids, clock, providers, payments, refunds, onError };
  const recordOutcome = createRecordOutcome(tools);
  const askProvider = createAskProvider(tools);
  const advanceRefund = createAdvanceRefund(tools);
  const askForRefund = createAskForRefund({ ...tools, advanceRefund });
  const startPayment = createStartPayment({
    ...tools,
    askProvider,
    mayPay: async () => ok(null),
    keepTicket: office.keep,
    defaultReturnUrl: 'http://127.0.0.1/thanks',
  });
  const tills = createTills(tools);
  const sellAtDesk = createSellAtDesk({
    ...tools,
    startPayment,
    openShiftOf: tills.openShiftOf,
    sellTicket: office.sellAtDesk,
    findSale: office.findSale,
    async giveUpTicket(ticketId, meta) {
      const today = createZone().dateAt(clock.now(), PARKS_TIME_ZONE);
      const unpaid = { why: 'staff', userId: null, reason: null, onlyHeld: true } as const;
      await runner.run(ticket, ticketId, { kind: 'cancel', ...unpaid, today, nowMs: clock.now() }, meta);
    },
  });
  const requestRefund = createRequestRefund(askForRefund);
  const flows: readonly Flow[] = [
    createPurchaseFlow({
      ids,
      requestRefund,
      settleTicket: ({ ticketId, paymentId, paidTyiyn }) => office.pay(ticketId, paymentId, paidTyiyn),
    }),
    createRefundFlow({
      ids,
      requestRefund,
      lastRefundOf: createLastRefundOf(tools),
      markRefunded: createMarkRefunded(tools),
      paymentsOf: createPaymentsOfTicket(tools),
    }),
  ];
  const kept = life.wrap('checkpoints', checkpoints);

  async function follow({ name, eventTypes, handle }: Flow): Promise<void> {
    for (;;) {
      const [next] = await store.read(await kept.get(name), 1, eventTypes);
      if (next === undefined) return;
      await handle(await codec.decode(next));
      await kept.put(name, next.position);
    }
  }

  const webhooks = createWebhooks({ ...tools, inbox: life.wrap('inbox', ground.inbox), recordOutcome });
  const pollPayments = createPollPayments({ ...tools, askProvider, recordOutcome });
  const pollUnpaid = createPollUnpaid({ ...tools, recordOutcome });
  const followRefunds = createFollowRefunds({ ...tools, advanceRefund });
  return {
    life,
    runner,
    office,
    startPayment,
    sellAtDesk,
    askForRefund,
    tills,
    payOutRefund: createPayOutRefund(tools),
    settleByStatement: createSettleByStatement({ ...tools, recordOutcome }),
    receive: webhooks.receive,
    /** Everything that happens by itself, once. */
    async turn() {
      await webhooks.applyKept(100);
      await pollPayments(1000);
      for (const flow of flows) await follow(flow);
      await followRefunds(1000);
      await pollUnpaid(1000);
      for (const flow of flows) await follow(flow);
    },
  };
}

export type Process = ReturnType<typeof startProcess>;

/** A chain of processes, each of which goes on where the last one died. */
export type MoneyWorld = Place & {
  /** Tells the living process something until it has answered, as somebody who repeats what was not answered. */
  tell<Answer>(work: (process: Process) => Promise<Answer>): Promise<Answer>;
  /** Timed work, until nothing is under way any more. */
  quiet(): Promise<void>;
  paymentOf(paymentId: string): Promise<PaymentState>;
  /** Of a ticket, in the words of its log. */
  statusOf(ticketId: string): Promise<string>;
  /** Processes that died. */
  deaths(): number;
  /** Calls of the living process so far. */
  calls(): number;
  lastCall(): string;
};

/** Pauses between turns of the timed work, in ms: what is asked often at first is asked seldom later. */
const PAUSES_MS = [0, 6_000, 6_000, 61_000, ...Array.from({ length: 8 }, () => 301_000)] as const;

/** What changes the world outside a process. A death at any other call leaves the world as one after the last of these. */
const CHANGES = ['store.append', 'inbox.keep', 'inbox.markApplied', 'inbox.postpone', 'checkpoints.put'];
export const isChange = (call: string): boolean =>
  CHANGES.includes(call) || call.startsWith('elqr.') || call.startsWith('elcard.');

export type Death = {
  /** Where the first processes die, one after the other; further ones live. */
  readonly points: readonly CrashPoint[];
  readonly counts?: ((call: string) => boolean) | undefined;
};

export function openMoneyWorld(place: Place, { points, counts }: Death, fromPosition = 0): MoneyWorld {
  const positions = new Map<string, number>();
  const checkpoints: Checkpoints = {
    get: async (flow) => positions.get(flow) ?? fromPosition,
    put: async (flow, position) => void positions.set(flow, position),
  };
  let deaths = 0;
  const boot = (): Process => startProcess(place, checkpoints, createLife(points[deaths] ?? null, counts));
  let process = boot();

  async function tell<Answer>(work: (process: Process) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await process.life.live(work(process));
      if (answer !== CRASHED) return answer;
      deaths += 1;
      process = boot();
    }
  }

  const { payments, refunds, inbox, store } = place.ground;
  const unasked = (['elqr', 'elcard'] as const).filter(
    (method) => !place.books[method].provider.capabilities.statusQuery,
  );
  async function isQuiet(): Promise<boolean> {
    const waits = [await payments.unsettled(null, 1, unasked), await refunds.open(null, 1)];
    const { waiting } = await inbox.backlog();
    return waits.every(({ length }) => length === 0) && waiting === 0;
  }

  return {
    ...place,
    tell,
    async quiet() {
      for (const pauseMs of PAUSES_MS) {
        place.clock.advance(pauseMs);
        const before = await store.headPosition();
        await tell((living) => living.turn());
        if ((await isQuiet()) && (await store.headPosition()) === before) return;
      }
    },
    paymentOf: (paymentId) => tell(async ({ runner }) => (await runner.stateOf(payment, paymentId)).state),
    statusOf: (ticketId) => tell(async ({ runner }) => (await runner.stateOf(ticket, ticketId)).state.status),
    deaths: () => deaths,
    calls: () => process.life.calls(),
    lastCall: () => process.life.lastCall(),
  };
}

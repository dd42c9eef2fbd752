import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { Job, Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createAdvanceRefund } from './application/advance-refund.ts';
import { createAskProvider } from './application/ask-provider.ts';
import { createForgetWebhooks, type ForgetWebhooks } from './application/forget-webhooks.ts';
import { createFollowRefunds, type FollowRefunds } from './application/follow-refunds.ts';
import { createMoneyOfTicket, type MoneyOfTicket } from './application/money-of-ticket.ts';
import { createPollPayments, type PollPayments } from './application/poll-payments.ts';
import { createPollUnpaid, type PollUnpaid } from './application/poll-unpaid.ts';
import type {
  FindDeskTicket,
  FindSale,
  GiveUpTicket,
  KeepTicket,
  MayPay,
  MoneyFacts,
  Payments,
  PaymentsInDoubt,
  Refunds,
  SellTicket,
  TicketOwner,
  WebhookInbox,
} from './application/ports.ts';
import { createWebhooks, type ApplyWebhooks } from './application/receive-webhook.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import {
  createAskForRefund,
  createLastRefundOf,
  createPayOutRefund,
  createRequestRefund,
  type LastRefundOf,
  type RequestRefund,
} from './application/request-refund.ts';
import { createSettleByStatement } from './application/settle-by-statement.ts';
import { createSellAtDesk } from './application/sell-at-desk.ts';
import { createTills } from './application/shifts.ts';
import { createStartPayment } from './application/start-payment.ts';
import type { PaymentProvider } from './contract.ts';
import type { OnlineMethod } from './domain/payment-messages.ts';
import { getPaymentRoute } from './http/get-payment.ts';
import { listCashRefundsRoute } from './http/list-cash-refunds.ts';
import { listPaymentsRoute } from './http/list-payments.ts';
import { listTicketPaymentsRoute } from './http/list-ticket-payments.ts';
import { providerWebhookRoutes } from './http/provider-webhook.ts';
import { confirmRefundRoute, listPaymentRefundsRoute, listRefundsRoute, requestRefundRoute } from './http/refunds.ts';
import { settleByStatementRoute } from './http/settle-by-statement.ts';
import { getDeskSaleRoute, sellAtDeskRoute } from './http/sell-at-desk.ts';
import { closeShiftRoute, getShiftRoute, listShiftsRoute, openShiftRoute, payOutInCashRoute } from './http/shifts.ts';
import { startPaymentRoute } from './http/start-payment.ts';
import { paymentEvents } from './persistence/events.ts';
import { createWaitingCashRefunds } from './persistence/list-cash-refunds.ts';
import { createListPayments, createPaymentsInDoubt } from './persistence/list-payments.ts';
import { createMoneyFacts } from './persistence/money-facts.ts';
import { createPayments, paymentsProjection } from './persistence/payments.ts';
import { createRefunds } from './persistence/refunds.ts';
import { createShifts, shiftsProjection } from './persistence/shifts.ts';
import { createWebhookInbox } from './persistence/webhook-inbox.ts';

export const paymentManifest: Manifest = {
  name: 'payment',
  events: paymentEvents,
  projections: [paymentsProjection, shiftsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type PaymentModule = Module & {
  readonly requestRefund: RequestRefund;
  readonly lastRefundOf: LastRefundOf;
  readonly moneyOfTicket: MoneyOfTicket;
  /** What is held about the payments for some tickets, for other parts of the program. */
  readonly paymentRecords: {
    readonly payments: Pick<Payments, 'find' | 'ofTickets' | 'hasAnyOf'>;
    readonly refunds: Pick<Refunds, 'ofPayments'>;
  };
  readonly paymentsInDoubt: PaymentsInDoubt;
  /** What payments, refunds and tills add up to. */
  readonly moneyFacts: () => Promise<MoneyFacts>;
  readonly applyKeptWebhooks: ApplyWebhooks;
  /** Messages of providers that nobody has applied yet. */
  readonly webhookBacklog: WebhookInbox['backlog'];
  readonly pollPayments: PollPayments;
  readonly pollUnpaidPayments: PollUnpaid;
  readonly followRefunds: FollowRefunds;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly database: Database;
  readonly vault: Vault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly mayPay: MayPay;
  readonly keepTicket: KeepTicket;
  readonly ticketOwner: TicketOwner;
  readonly sellTicket: SellTicket;
  readonly findSale: FindSale;
  readonly findDeskTicket: FindDeskTicket;
  readonly giveUpTicket: GiveUpTicket;
  readonly providers: ReadonlyMap<OnlineMethod, PaymentProvider>;
  readonly defaultReturnUrl: string;
  readonly onError: (error: unknown) => void;
};

type TimedWork = {
  readonly applyKept: ApplyWebhooks;
  readonly forgetWebhooks: ForgetWebhooks;
  readonly pollPayments: PollPayments;
  readonly followRefunds: FollowRefunds;
  readonly pollUnpaidPayments: PollUnpaid;
};

const jobsOf = (work: TimedWork): readonly Job[] => [
  { name: 'apply kept webhooks', everyMs: 2000, run: ({ limit, stopping }) => work.applyKept(limit, stopping) },
  { name: 'poll payments', everyMs: 2500, run: ({ limit, stopping }) => work.pollPayments(limit, stopping) },
  {
    name: 'follow refunds',
    everyMs: 2000,
    runsAt: 'everywhere',
    run: ({ limit, stopping }) => work.followRefunds(limit, stopping),
  },
  {
    name: 'poll unpaid payments',
    everyMs: 600_000,
    run: ({ limit, stopping }) => work.pollUnpaidPayments(limit, stopping),
  },
  {
    name: 'forget applied webhooks',
    everyMs: 3_600_000,
    run: ({ limit, stopping }) => work.forgetWebhooks(limit, stopping),
  },
];

/** Payments: intent, provider, outcome, refund. */
export function createPaymentModule(dependencies: Dependencies): PaymentModule {
  const { database, providers, ticketOwner } = dependencies;
  const payments = createPayments(database);
  const refunds = createRefunds(database, dependencies.vault);
  const askProvider = createAskProvider(dependencies);
  const advanceRefund = createAdvanceRefund(dependencies);
  const askForRefund = createAskForRefund({ ...dependencies, advanceRefund });
  const followRefunds = createFollowRefunds({ ...dependencies, refunds, advanceRefund });
  const shifts = createShifts(database);
  const tills = createTills(dependencies);
  const startPayment = createStartPayment({ ...dependencies, payments, askProvider });
  const { openShiftOf } = tills;
  const sellAtDesk = createSellAtDesk({ ...dependencies, payments, startPayment, openShiftOf });
  const views = { ...dependencies, payments, refunds };
  const recordOutcome = createRecordOutcome(dependencies);
  const inbox = createWebhookInbox(database);
  const webhooks = createWebhooks({ ...dependencies, inbox, payments, recordOutcome });
  const forgetWebhooks = createForgetWebhooks({ ...dependencies, inbox });
  const pollPayments = createPollPayments({ ...dependencies, payments, askProvider, recordOutcome });
  const pollUnpaidPayments = createPollUnpaid({ ...dependencies, payments, recordOutcome });
  return {
    ...paymentManifest,
    routes: [
      startPaymentRoute(startPayment),
      getPaymentRoute(payments),
      listTicketPaymentsRoute(payments, ticketOwner),
      listPaymentsRoute(createListPayments(database), dependencies.clock),
      requestRefundRoute(views, askForRefund),
      listPaymentRefundsRoute(views),
      confirmRefundRoute(views, createPayOutRefund(dependencies)),
      listRefundsRoute(views),
      settleByStatementRoute(payments, createSettleByStatement({ ...dependencies, recordOutcome })),
      openShiftRoute(tills, shifts),
      closeShiftRoute(tills, shifts),
      listShiftsRoute(shifts),
      getShiftRoute(shifts),
      sellAtDeskRoute(sellAtDesk),
      getDeskSaleRoute(dependencies.findDeskTicket, payments),
      listCashRefundsRoute(createWaitingCashRefunds(database)),
      payOutInCashRoute({ ...views, tills }),
      ...providerWebhookRoutes(new Map(providers), webhooks.receive),
    ],
    requestRefund: createRequestRefund(askForRefund),
    lastRefundOf: createLastRefundOf(dependencies),
    moneyOfTicket: createMoneyOfTicket(views),
    paymentRecords: { payments, refunds },
    paymentsInDoubt: createPaymentsInDoubt(database),
    moneyFacts: createMoneyFacts(database),
    applyKeptWebhooks: webhooks.applyKept,
    webhookBacklog: () => inbox.backlog(),
    pollPayments,
    pollUnpaidPayments,
    followRefunds,
    jobs: jobsOf({ applyKept: webhooks.applyKept, forgetWebhooks, pollPayments, followRefunds, pollUnpaidPayments }),
  };
}

import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { QrImages } from '../../kernel/qr-images.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createIssueReceipts, type IssueReceipts } from './application/issue-receipts.ts';
import { createKeepShifts, type KeepShifts } from './application/keep-shifts.ts';
import type {
  PaymentOfReceipt,
  ReceiptQueue,
  Receipts,
  Registers,
  SoldLines,
  TicketOwner,
} from './application/ports.ts';
import { createRetryReceipt, createWantReceipts, type WantReceipts } from './application/want-receipts.ts';
import { getFiscalReceiptQrRoute } from './http/get-fiscal-receipt-qr.ts';
import { listFiscalReceiptsRoute } from './http/list-fiscal-receipts.ts';
import { retryFiscalReceiptRoute } from './http/retry-fiscal-receipt.ts';
import { fiscalEvents } from './persistence/events.ts';
import { createReceiptQueue } from './persistence/queue.ts';
import { createReceipts, issuedProjection } from './persistence/receipts.ts';
import { createShifts } from './persistence/shifts.ts';

export const fiscalManifest: Manifest = {
  name: 'fiscal',
  events: fiscalEvents,
  projections: [issuedProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type FiscalModule = Module & {
  readonly wantReceipts: WantReceipts;
  readonly issueReceipts: IssueReceipts;
  readonly closeEndedShifts: KeepShifts['closeEnded'];
  readonly receiptsOfPayments: Receipts['ofPayments'];
  /** Receipts that are still to be issued. */
  readonly receiptBacklog: ReceiptQueue['backlog'];
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly registers: Registers;
  readonly paymentOf: PaymentOfReceipt;
  readonly soldLines: SoldLines;
  readonly ticketOwner: TicketOwner;
  readonly qrImages: QrImages;
  readonly chance: () => number;
};

/** Fiscal receipts: what the tax service wants to know of each sale, and of each return of money. */
export function createFiscalModule(dependencies: Dependencies): FiscalModule {
  const { database, clock } = dependencies;
  const queue = createReceiptQueue(database, clock);
  const receipts = createReceipts(database);
  const shifts = createKeepShifts({ ...dependencies, shifts: createShifts(database) });
  const issueReceipts = createIssueReceipts({ ...dependencies, queue, receipts, shifts });
  return {
    ...fiscalManifest,
    routes: [
      getFiscalReceiptQrRoute({ ...dependencies, receipts }),
      listFiscalReceiptsRoute(receipts, clock),
      retryFiscalReceiptRoute(queue, createRetryReceipt({ ...dependencies, queue })),
    ],
    wantReceipts: createWantReceipts({ ...dependencies, queue }),
    issueReceipts,
    closeEndedShifts: () => shifts.closeEnded(),
    receiptsOfPayments: (paymentIds) => receipts.ofPayments(paymentIds),
    receiptBacklog: () => queue.backlog(),
    jobs: [
      { name: 'issue fiscal receipts', everyMs: 1000, run: ({ stopping, meta }) => issueReceipts(stopping, meta) },
      { name: 'close fiscal shifts', everyMs: 60_000, run: () => shifts.closeEnded() },
    ],
  };
}

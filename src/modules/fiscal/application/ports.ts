import type { Backlog } from '../../../kernel/backlog.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { FiscalRegister, ReceiptDocument, ReceiptOrigin } from '../contract.ts';
import type { SoldLine } from '../domain/goods.ts';
import type { TaxTerms } from '../domain/taxes.ts';

/** Port: how a payment came and for which park. */
export type PaymentOfReceipt = (
  paymentId: string,
) => Promise<{ readonly parkId: string; readonly isCash: boolean } | null>;

/** Port: what a ticket was sold for, before discounts. */
export type SoldLines = (ticketId: string) => Promise<readonly SoldLine[]>;

/** Port: whose a ticket is and for which park; null when there is none. */
export type TicketOwner = (
  ticketId: string,
) => Promise<{ readonly userId: string | null; readonly parkId: string } | null>;

/** The registers of an installation. */
export type Registers = {
  /** The number of the register that a park sells by. */
  numberFor(parkId: string): string;
  /** What answers for a number, also for one that is not configured any more. */
  of(number: string): FiscalRegister;
  /** Null while there is no register. */
  readonly terms: TaxTerms | null;
  /** Where receipts can be looked at. */
  readonly receiptBase: string;
  /** They are a sandbox's. */
  readonly isTest: boolean;
};

/** What became of a receipt that was wanted. */
export type ReceiptOutcome = 'issued' | 'no_register' | 'none_required';

export type WantedReceipt = {
  readonly receiptId: string;
  readonly kind: 'sale' | 'return';
  readonly paymentId: string;
  readonly refundId: string | null;
  readonly ticketId: string;
  readonly parkId: string;
  readonly totalTyiyn: Tyiyn;
  readonly isCash: boolean;
  readonly register: string;
  /** Null: it needs none. */
  readonly document: ReceiptDocument | null;
};

export type DueReceipt = WantedReceipt & {
  readonly document: ReceiptDocument;
  /** Failed tries so far. */
  readonly attempts: number;
};

export type TryRecord =
  | { readonly kind: 'done'; readonly outcome: ReceiptOutcome }
  | { readonly kind: 'again'; readonly reason: string; readonly nextTryAtMs: number };

/** Port: receipts to be issued. */
export type ReceiptQueue = {
  /** Events up to here tell of money from before there were receipts. */
  startPosition(): Promise<number>;
  /** Keeps what is wanted; one that is there already stays as it is. A return waits until its sale has an outcome. */
  put(receipt: WantedReceipt, nowMs: number): Promise<void>;
  find(receiptId: string): Promise<(WantedReceipt & { readonly outcome: ReceiptOutcome | null }) | null>;
  /** What the returns of a payment come to. */
  returnedTyiyn(paymentId: string): Promise<Tyiyn>;
  /** Makes returns due whose sale has an outcome. */
  releaseReturns(nowMs: number): Promise<void>;
  /**
   * Tries what is due, several at once; a register that hangs holds up no other. What is tried and not recorded within a while is
   * due again. Answers how many tries it began.
   */
  workOff(stopping: AbortSignal, tryOnce: (due: DueReceipt) => Promise<void>): Promise<number>;
  record(receiptId: string, record: TryRecord): Promise<void>;
  /** Makes one due at once that has no outcome, unless it waits for its sale; false when it has one. */
  retry(receiptId: string, document: ReceiptDocument | null, nowMs: number): Promise<boolean>;
  /** Returns of a payment that ended without a register. */
  returnsWithout(paymentId: string): Promise<readonly WantedReceipt[]>;
  /** Wants those anew, all at once, that ended without a register. */
  wantAgain(
    receipts: readonly Pick<WantedReceipt, 'receiptId' | 'register' | 'document'>[],
    nowMs: number,
  ): Promise<void>;
  backlog(): Promise<Backlog>;
};

/** `overdue`: pending for longer than a register that works takes. */
export type ReceiptFilter = 'pending' | 'overdue' | ReceiptOutcome;

export type ReceiptView = {
  readonly receiptId: string | null;
  readonly kind: 'sale' | 'return';
  readonly status: 'pending' | ReceiptOutcome;
  readonly paymentId: string;
  readonly refundId: string | null;
  readonly totalTyiyn: Tyiyn;
  readonly issued: {
    readonly fnNumber: string;
    readonly fdNumber: string;
    readonly fiscalSign: string;
    readonly registerNumber: string;
    readonly tin: string;
    readonly url: string;
    readonly isTest: boolean;
    readonly issuedAtMs: number;
  } | null;
};

/** What an office sees besides. */
export type WatchedReceipt = ReceiptView & {
  readonly entry: number;
  readonly receiptId: string;
  readonly ticketId: string;
  readonly parkId: string;
  readonly register: string;
  readonly attempts: number;
  /** Why the last try came to nothing. */
  readonly error: string | null;
  readonly createdAtMs: number;
  /** Null when none is due: it is done, or waits for the receipt of its sale. */
  readonly nextTryAtMs: number | null;
};

/** Port: receipts as they are known. */
export type Receipts = {
  /** Of everything that payments of one ticket brought and gave back, oldest first. */
  ofPayments(paymentIds: readonly string[]): Promise<readonly ReceiptView[]>;
  /** Newest first. @param before only those with a smaller entry; null for the newest */
  list(filter: {
    readonly status: ReceiptFilter;
    /** Of overdue ones. */
    readonly createdBeforeMs: number;
    /** Null: of all parks. */
    readonly parkId: string | null;
    readonly before: number | null;
    readonly limit: number;
  }): Promise<readonly WatchedReceipt[]>;
  /** The address that the QR code of an issued receipt holds. */
  issued(receiptId: string): Promise<(ReceiptOrigin & { readonly ticketId: string; readonly url: string }) | null>;
};

export type KnownShift = { readonly openedOn: LocalDate | null; readonly isDoubted: boolean };

/** Port: what we know of the shifts of registers. */
export type Shifts = {
  /** Null when nothing was ever done with the register. */
  known(register: string): Promise<KnownShift | null>;
  /** Takes the right to open or close; null while somebody else has it. */
  take(register: string, nowMs: number, untilMs: number): Promise<KnownShift | null>;
  /** Says how it is now, and gives the right back. */
  release(register: string, shift: KnownShift): Promise<void>;
  doubt(register: string): Promise<void>;
  /** Registers whose shift was opened before a day. */
  openedBefore(day: LocalDate): Promise<readonly string[]>;
};

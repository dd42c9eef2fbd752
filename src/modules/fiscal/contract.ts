import type { Tyiyn } from '../../kernel/money.ts';

/** A tax that is contained in a price, by the code that the register knows it by. */
export type ReceiptTax = { readonly type: 'ST' | 'VAT'; readonly code: number; readonly sumTyiyn: Tyiyn };

/** One line of a receipt: `costTyiyn` is exactly `priceTyiyn` times `quantity`. */
export type ReceiptGood = {
  readonly name: string;
  readonly quantity: number;
  readonly priceTyiyn: Tyiyn;
  readonly costTyiyn: Tyiyn;
};

/** What a register is asked to put on a receipt. It is fixed before the first call, so that a repeat asks for the same. */
export type ReceiptDocument = {
  readonly goods: readonly ReceiptGood[];
  /** Sales tax and value-added tax, each once. */
  readonly taxes: readonly ReceiptTax[];
  readonly taxSystem: number;
  /** What is sold, by the register's list of such attributes. */
  readonly itemCode: number;
};

/** The receipt of the sale that a return takes back. */
export type ReceiptOrigin = { readonly fnNumber: string; readonly fdNumber: string };

export type ReceiptRequest = {
  /** UUID: the register's key of the receipt, the same in every repeat. */
  readonly receiptId: string;
  /** Number of the fiscal module that is to issue it. */
  readonly register: string;
  readonly totalTyiyn: Tyiyn;
  readonly isCash: boolean;
  readonly document: ReceiptDocument;
  /** Null for a sale. */
  readonly origin: ReceiptOrigin | null;
};

/** What a register answered, all of it. */
export type IssuedDocument = {
  readonly fnNumber: string;
  readonly fdNumber: string;
  /** The fiscal sign, decimal. */
  readonly fiscalSign: string;
  readonly registerNumber: string;
  /** Who sold, by the number of the tax service. */
  readonly tin: string;
  /** 1: a sale. */
  readonly operationType: string;
  /** By the clock of the register, `YYYYMMDDTHHmmss`. */
  readonly localTime: string;
  /** Every tag of the answer by its number. */
  readonly tags: Readonly<Record<string, string>>;
};

/**
 * `none`: there is no register, so no fiscal receipt exists. `refused`: the register said no; a person may have to do
 * something before another try succeeds. `failed`: no usable answer; the register may have issued it, and a repeat tells.
 */
export type IssueOutcome =
  | { readonly kind: 'issued'; readonly issued: IssuedDocument }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string };

/** `refused` when the shift was open, or closed, already. */
export type ShiftOutcome = { readonly kind: 'done' } | { readonly kind: 'refused' | 'failed'; readonly reason: string };

/** A cash register. No method throws for anything the network or the register does; reasons repeat nothing personal. */
export type FiscalRegister = {
  /** Asked twice with one id it issues one receipt and answers it twice. */
  issue(request: ReceiptRequest): Promise<IssueOutcome>;
  openShift(register: string): Promise<ShiftOutcome>;
  closeShift(register: string): Promise<ShiftOutcome>;
  /** Whether it is asked at all: not while it failed too often in a row. */
  ready(): boolean;
};

/** Published when a register has issued a receipt and its operator has acknowledged it. */
export type FiscalReceiptIssued = {
  readonly type: 'FiscalReceiptIssued';
  readonly data: IssuedDocument & {
    readonly receiptId: string;
    readonly kind: 'sale' | 'return';
    readonly paymentId: string;
    /** Null for a sale. */
    readonly refundId: string | null;
    readonly ticketId: string;
    readonly totalTyiyn: Tyiyn;
    /** What the QR code on the receipt holds. */
    readonly url: string;
    /** From a sandbox: it is no fiscal receipt. */
    readonly isTest: boolean;
    readonly recordedAtMs: number;
  };
};

/** Money of a ticket that came. */
export type PaidSale = {
  readonly paymentId: string;
  readonly ticketId: string;
  readonly amountTyiyn: Tyiyn;
  /** Of the event that tells of it. */
  readonly position: number;
};

/** Money that is out again. */
export type PaidReturn = PaidSale & {
  readonly refundId: string;
  /** It came besides the price and was never sold for. */
  readonly isMisfit: boolean;
};

import type { Tyiyn } from '../../../kernel/money.ts';
import type { IssuedDocument } from '../contract.ts';

/** A receipt of a register that is on line, as the tax service numbers kinds of documents. */
const TYPE = '3';

/**
 * What the QR code of a receipt holds: the address at which the tax service shows it. `sum` is in tyiyn, `date` by the clock of
 * the register; the order of the parts is the one on receipts.
 */
export function receiptUrl(base: string, issued: IssuedDocument, totalTyiyn: Tyiyn): string {
  const parts = {
    date: issued.localTime,
    type: TYPE,
    operation_type: issued.operationType,
    fn_number: issued.fnNumber,
    fd_number: issued.fdNumber,
    fm: issued.fiscalSign,
    tin: issued.tin,
    regNumber: issued.registerNumber,
    sum: totalTyiyn.toString(),
  };
  return `${base}?${new URLSearchParams(parts).toString()}`;
}

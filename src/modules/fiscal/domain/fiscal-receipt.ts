import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { FiscalReceiptIssued } from '../contract.ts';

type State = { readonly fnNumber: string; readonly fdNumber: string } | null;

/** A receipt is issued once; a register that answers the same id with another document has issued two. */
export const fiscalReceipt: Decider<
  FiscalReceiptIssued['data'],
  State,
  FiscalReceiptIssued,
  { readonly code: 'issued_differently' }
> = {
  aggregateType: 'FiscalReceipt',
  initial: null,
  decide(data, state) {
    if (state === null) return ok([{ type: 'FiscalReceiptIssued', data }]);
    const isSame = state.fnNumber === data.fnNumber && state.fdNumber === data.fdNumber;
    return isSame ? ok([]) : refuse({ code: 'issued_differently' });
  },
  evolve: (_state, { data: { fnNumber, fdNumber } }) => ({ fnNumber, fdNumber }),
};

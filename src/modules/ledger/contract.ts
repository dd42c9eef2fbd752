/**
 * Where money is, or what it is owed for. Accounts of money that others hold for us or that we hold ourselves, with debit
 * balances: `clearing:<method>` is with a provider or a bank until it settles, `clearing:foreign` came in another currency,
 * `clearing:by_hand` is what people paid back otherwise than from a till, `till` is cash in open shifts, `safe` the other cash of
 * a park since the books began, `cash_differences` what counting a till showed. Accounts of what it stands for, with credit
 * balances: `received` has not met its ticket yet, `suspense` fits nothing and goes back, `deferred_revenue` is paid for visits to
 * come, `revenue` was earned by visits, `revenue:no_show` by days that ended without one, `refunds_payable` is owed to guests.
 * By statements of providers: `bank` is what they paid out to us, `provider_fees` what they kept, `written_off` what nobody will
 * ever pay; what they have of ours beyond what we know of is `suspense`.
 * `clearing:cash` passes money between a payment in cash and its till, and is empty after every append.
 */
export type LedgerAccount =
  | `clearing:${'elqr' | 'elcard' | 'elcard_terminal' | 'foreign' | 'by_hand' | 'cash'}`
  | 'bank'
  | 'till'
  | 'safe'
  | 'cash_differences'
  | 'provider_fees'
  | 'written_off'
  | 'received'
  | 'suspense'
  | 'deferred_revenue'
  | 'revenue'
  | 'revenue:no_show'
  | 'refunds_payable';

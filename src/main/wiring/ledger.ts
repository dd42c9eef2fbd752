import { createLedgerModule, type LedgerModule } from '../../modules/ledger/module.ts';
import type { Wiring } from './tools.ts';

export const wireLedger = ({ tools, all }: Wiring): LedgerModule =>
  createLedgerModule({
    ...tools,
    moneyFacts: () => all().payment.moneyFacts(),
    paymentsInDoubt: (names) => all().payment.paymentsInDoubt(names),
  });

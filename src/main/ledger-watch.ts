import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Ground } from './wiring/tools.ts';

type Needs = { readonly log: Logger; readonly metrics: Registry };

/** Who hears when the books do not balance: the log and a metric. */
export function createLedgerWatch({ log, metrics }: Needs): Pick<Ground, 'onLedgerChecked'> {
  const found = new Gauge({
    name: 'skypark_ledger_faults',
    help: 'What the last check of the ledger found wrong; anything above 0 needs a person',
    registers: [metrics],
  });
  return {
    onLedgerChecked(faults) {
      found.set(faults.length);
      if (faults.length > 0) log.error({ faults }, 'the ledger does not say what payments and tills say');
    },
  };
}

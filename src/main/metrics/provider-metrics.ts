import { Counter, type Registry } from 'prom-client';
import type { CallResult, OnCall, Operation } from '../../infrastructure/payment-providers/provider-calls.ts';

const OPERATIONS: readonly Operation[] = ['create', 'status', 'refund'];
const RESULTS: readonly CallResult[] = ['done', 'refused', 'fault', 'no_access', 'spared'];

/** Shows what came of the calls to payment providers. */
export function createCallWatch(metrics: Registry): (provider: string) => OnCall {
  const calls = new Counter({
    name: 'skypark_provider_calls_total',
    help: 'Tries to call a payment provider, by what came of them; no_access: it does not know us any more',
    labelNames: ['provider', 'operation', 'result'],
    registers: [metrics],
  });
  return (provider) => {
    for (const operation of OPERATIONS) for (const result of RESULTS) calls.inc({ provider, operation, result }, 0);
    return (operation, result) => calls.inc({ provider, operation, result });
  };
}

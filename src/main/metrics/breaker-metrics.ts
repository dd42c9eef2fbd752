import { Gauge, type Registry } from 'prom-client';
import type { OnBreaker } from '../../infrastructure/breaker.ts';

/** Shows which dependencies are not asked for a while, because they failed too often in a row. */
export function createBreakerWatch(metrics: Registry): (dependency: string) => OnBreaker {
  const open = new Gauge({
    name: 'skypark_breaker_open',
    help: '1 while a dependency is not asked because it failed too often in a row',
    labelNames: ['dependency'],
    registers: [metrics],
  });
  return (dependency) => {
    open.set({ dependency }, 0);
    return (isOpen) => open.set({ dependency }, isOpen ? 1 : 0);
  };
}

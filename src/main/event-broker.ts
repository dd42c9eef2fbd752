import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { openBroker, type Broker } from '../infrastructure/rabbitmq/broker.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Config } from './config.ts';
import { messageKeyOf, type Secrets } from './secrets.ts';

/** The beginning of the names of all that a node declares with its broker, which others may use as well. */
export const brokerPrefix = ({ nodeId }: Pick<Config, 'nodeId'>): string => `skypark.${nodeId}`;

type Setting = {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly secrets: Secrets;
  readonly flows: readonly Flow[];
};

/** The configured broker, watched; null where none is configured. */
export function openEventBroker({ config, log, metrics, secrets, flows }: Setting): Broker | null {
  if (config.rabbitmqUrl === null) return null;
  const buried = new Counter({
    name: 'skypark_dead_letters_total',
    help: 'Messages of the broker that were put aside because they are none of ours, by subscription',
    labelNames: ['subscription'],
    registers: [metrics],
  });
  const broker = openBroker({
    url: config.rabbitmqUrl,
    prefix: brokerPrefix(config),
    key: messageKeyOf(secrets),
    readers: flows.map(({ name, eventTypes }) => ({ name, eventTypes })),
    connectionName: `skypark-${config.nodeId}`,
    onError: (error) => log.warn({ err: error }, 'the broker is in trouble; events come from the log meanwhile'),
    onBuried: (subscription) => {
      buried.inc({ subscription });
      log.error({ subscription }, 'a message that is none of ours was put aside');
    },
  });
  new Gauge({
    name: 'skypark_broker_ready',
    help: 'Whether the broker is reached and takes messages',
    registers: [metrics],
    collect() {
      this.set(broker.ready() ? 1 : 0);
    },
  });
  return broker;
}

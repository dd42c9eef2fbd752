import { Connection } from 'rabbitmq-client';
import { serviceUrl } from '../../../test/support/services.ts';
import { openBroker, type Broker, type BrokerSettings } from './broker.ts';
import { deadQueueOf, exchangeOf, queueOf } from './topology.ts';

export const TEST_KEY = Buffer.alloc(32, 7);

/** A broker's worth of one process, with what went wrong in it. */
export function openTestBroker(prefix: string, names: readonly string[], more: Partial<BrokerSettings> = {}) {
  const errors: unknown[] = [];
  const buried: string[] = [];
  const broker: Broker = openBroker({
    url: serviceUrl('rabbitmq'),
    prefix,
    key: TEST_KEY,
    readers: names.map((name) => ({ name })),
    connectionName: 'test',
    onError: (error) => errors.push(error),
    onBuried: (reader) => buried.push(reader),
    ...more,
  });
  return { broker, errors, buried };
}

/** Works on the server as an operator does. */
export async function atServer<Value>(
  work: (connection: Connection) => Promise<Value>,
  url = serviceUrl('rabbitmq'),
): Promise<Value> {
  const connection = new Connection({ url });
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Removes what was declared under a prefix. */
export const removeTopology = (prefix: string, names: readonly string[]): Promise<void> =>
  atServer(async (connection) => {
    for (const name of names) {
      await connection.queueDelete({ queue: queueOf(prefix, name) });
      await connection.queueDelete({ queue: deadQueueOf(prefix, name) });
    }
    await connection.exchangeDelete({ exchange: exchangeOf(prefix) });
  });

import { afterAll } from 'vitest';
import { describeWith } from '../../../test/support/services.ts';
import { newId } from '../event-store/appends.suite.ts';
import { describeFeed } from '../event-store/feed-contract.suite.ts';
import { openTestBroker, removeTopology } from './broker.suite.ts';

describeWith('postgres', 'rabbitmq')('with a broker', () => {
  const prefix = `test-${newId()}`;
  const names = new Set<string>();
  afterAll(() => removeTopology(prefix, [...names]));

  describeFeed('RabbitMQ', (name) => {
    names.add(name);
    const { broker } = openTestBroker(prefix, [name]);
    return { delivery: broker.delivery, publish: (events) => broker.publish(events), close: () => broker.close() };
  });
});

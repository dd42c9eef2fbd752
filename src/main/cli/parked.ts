import { createParkedEvents } from '../../infrastructure/event-store/parked-events.ts';
import type { Command } from './command.ts';

const POSITION = { name: 'POSITION', pattern: /^[1-9]\d{0,14}$/ };
const OF_EVENT = [{ name: 'SUBSCRIPTION' }, POSITION];

const settling = (how: 'retry' | 'skip', meaning: string): Command => ({
  words: `parked ${how}`,
  operands: OF_EVENT,
  meaning,
  run: ({ operands: [subscription = '', position = ''] }, { say, withDatabase }) =>
    withDatabase(async (database) => {
      const found = await createParkedEvents(database)[how](subscription, Number(position));
      const done = how === 'retry' ? 'asked for another try of' : 'gave up';
      say(found ? `${done} ${position}` : 'No such event is parked.');
      return found ? 0 : 1;
    }),
});

export const parkedCommands: readonly Command[] = [
  {
    words: 'parked',
    meaning: 'events that a subscription could not handle, and why',
    run: (_call, { say, withDatabase }) =>
      withDatabase(async (database) => {
        const events = await createParkedEvents(database).list();
        for (const { subscription, position, aggregateId, attempts, error } of events) {
          say(`${subscription}  position ${position}  aggregate ${aggregateId}  tries ${attempts}  ${error}`);
        }
        say(events.length === 0 ? 'Nothing is parked.' : `${events.length} parked`);
        return 0;
      }),
  },
  settling('retry', 'asks for another try of it; what waits behind it is tried too'),
  settling('skip', 'gives it up; what waits behind it is tried'),
];

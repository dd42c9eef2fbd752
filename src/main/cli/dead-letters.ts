import { RELAY } from '../../infrastructure/event-store/event-relay.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openDeadLetters, type DeadLetters } from '../../infrastructure/rabbitmq/dead-letters.ts';
import { brokerPrefix } from '../event-broker.ts';
import type { Command } from './command.ts';
import type { Office } from './office.ts';

/** Most letters that are shown at once. */
const MOST_SHOWN = 20;
/** Whoever ever read has a place in the log. */
const READERS = statement('cli.readers', `select name from store.subscription where name <> '${RELAY}' order by name`);
const READER = { name: 'READER' };

async function withLetters(
  office: Office,
  reader: string | undefined,
  use: (letters: DeadLetters, readers: readonly string[]) => Promise<number>,
): Promise<number> {
  const { config, say } = office;
  if (config.rabbitmqUrl === null) {
    say('There is no broker: RABBITMQ_URL is not set.');
    return 1;
  }
  const known = await office.withDatabase(async (database) =>
    (await database.rows<{ name: string }>(READERS)).map(({ name }) => name),
  );
  if (reader !== undefined && !known.includes(reader)) {
    say(`There is no reader "${reader}"; there are: ${known.join(', ')}`);
    return 1;
  }
  const letters = await openDeadLetters(config.rabbitmqUrl, brokerPrefix(config));
  try {
    return await use(letters, reader === undefined ? known : [reader]);
  } finally {
    await letters.close();
  }
}

const settling = (how: 'replay' | 'discard', done: string, meaning: string): Command => ({
  words: `dead-letters ${how}`,
  operands: [READER],
  meaning,
  run: ({ operands: [reader] }, office) =>
    withLetters(office, reader, async (letters, [name = '']) => {
      office.say(`${name}: ${await letters[how](name)} ${done}`);
      return 0;
    }),
});

export const deadLetterCommands: readonly Command[] = [
  {
    words: 'dead-letters list',
    operands: [{ ...READER, isOptional: true }],
    meaning: 'how many messages of the broker each reader put aside because they are none of ours',
    run: ({ operands: [reader] }, office) =>
      withLetters(office, reader, async (letters, readers) => {
        let total = 0;
        for (const name of readers) {
          const count = await letters.count(name);
          total += count;
          if (count > 0 || reader !== undefined) office.say(`${String(count).padStart(6)}  ${name}`);
        }
        office.say(total === 0 ? 'No message was put aside.' : `${total} put aside`);
        return 0;
      }),
  },
  {
    words: 'dead-letters show',
    operands: [READER],
    meaning: `the oldest ${MOST_SHOWN} of a reader; they stay where they are`,
    run: ({ operands: [reader] }, office) =>
      withLetters(office, reader, async (letters, [name = '']) => {
        const found = await letters.list(name, MOST_SHOWN);
        for (const { messageId, routingKey, bytes, excerpt } of found) {
          // What stands in it is a stranger's: nothing of it may act on the terminal.
          office.say(`${messageId ?? '(no id)'}  ${routingKey}  ${bytes} bytes  ${JSON.stringify(excerpt)}`);
        }
        office.say(found.length === 0 ? 'No message was put aside.' : `${found.length} shown`);
        return 0;
      }),
  },
  settling('replay', 'given to the reader again', 'gives all of a reader to it again'),
  settling('discard', 'thrown away', 'throws all of a reader away'),
];

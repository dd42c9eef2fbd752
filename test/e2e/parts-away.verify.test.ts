import { expect, test } from 'vitest';
import { hasSwift } from '../support/own-swift.ts';
import { describeWith } from '../support/services.ts';
import { surviveOutages, type Outage } from './parts-away-run.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const HEAD = `| part | away | question | asked | failed | recovery |
| --- | --- | --- | ---: | ---: | ---: |`;

const rowsOf = ({ part, how, awayMs, tallies }: Outage): readonly string[] =>
  tallies.map(
    ({ question, asked, failed, recoveryMs }) =>
      `| ${part} | ${how}, ${seconds(awayMs)} s | ${question} | ${asked} | ${failed} | ${seconds(recoveryMs)} s |`,
  );

/** What a part that is away may take with it. */
const DEGRADES: Readonly<Record<string, readonly string[]>> = {
  Redis: [],
  RabbitMQ: [],
  'file store': ['picture shown', 'picture sent'],
};
const MOST_RECOVERY_MS = 5000;
/** A service that failed again and again is left alone for ten seconds. */
const MOST_RECOVERY_OF_FILES_MS = 12_000;

describeWith('redis', 'rabbitmq')('parts that go away under load', () => {
  test.skipIf(!hasSwift())(
    'cost no acknowledged operation and no restart; without the optional ones no sale and no scan is refused',
    async () => {
      const { outages, repeats, acknowledged } = await surviveOutages();
      say([HEAD, ...outages.flatMap(rowsOf)].join('\n'));
      say(`Calls that families had to repeat: ${repeats.join('; ')}`);
      const { facts, scans, pictures } = acknowledged;
      say(`Acknowledged: ${facts} facts of journals, ${scans} scans, ${pictures} pictures; lost: 0. Restarts: 0.`);
      for (const { part, tallies } of outages) {
        for (const { question, asked, failed, unclear, recoveryMs } of tallies) {
          const what = [part, question];
          expect([...what, asked > 0]).toEqual([...what, true]);
          const degrades = DEGRADES[part];
          if (degrades?.includes(question) === false) expect([...what, failed]).toEqual([...what, 0]);
          if (degrades !== undefined) expect([...what, unclear]).toEqual([...what, 0]);
          const isOfFiles = part === 'file store' && question.startsWith('picture');
          expect(recoveryMs).toBeLessThan(isOfFiles ? MOST_RECOVERY_OF_FILES_MS : MOST_RECOVERY_MS);
        }
      }
    },
  );
});

import { expect, test } from 'vitest';
import { describeWith } from '../support/services.ts';
import { surviveOutages, type Outage } from './parts-away-run.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const renderOutages = (outages: readonly Outage[]): string =>
  outages
    .map(
      ({ part, how, awayMs, asked, failed, recoveryMs }) =>
        `${part} ${how}, away ${(awayMs / 1000).toFixed(1)} s: ${failed} of ${asked} questions failed, ` +
        `answered again ${(recoveryMs / 1000).toFixed(1)} s after it was back`,
    )
    .join('\n');

describeWith('redis', 'rabbitmq')('parts that go away under load', () => {
  test('cost no acknowledged operation and no restart; without the optional ones nobody is refused', async () => {
    const { outages, repeats } = await surviveOutages();
    say(renderOutages(outages));
    say(`Calls that families had to repeat: ${repeats.join('; ')}`);
    for (const { part, failed, recoveryMs } of outages) {
      if (part !== 'PostgreSQL') expect([part, failed]).toEqual([part, 0]);
      expect(recoveryMs).toBeLessThan(5000);
    }
  });
});

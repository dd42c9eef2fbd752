import { expect, onTestFinished, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { openScratchLog } from './scratch-log.suite.ts';
import { createParksOfStreams } from './stream-parks.ts';

describeWithDatabase('the parks of streams', () => {
  test('are those that their first events name; of what is not here nothing is said', async () => {
    const log = await openScratchLog();
    onTestFinished(() => log.close());
    const store = await log.openStore();
    const [ours, nobodys, unknown] = [newId(), newId(), newId()];
    const write = (id: string, about: object) =>
      store.append({ streams: [part(id, 'any', [event()])], context: { ...context, ...about } });
    await write(ours, { parkId: 'osh' });
    await write(ours, { parkId: 'ala-archa' });
    await write(nobodys, {});
    const parksOf = createParksOfStreams(log.connect('test-parks'));
    expect(await parksOf([ours, nobodys, unknown])).toEqual(
      new Map([
        [ours, 'osh'],
        [nobodys, null],
      ]),
    );
    expect(await parksOf([])).toEqual(new Map());
  });
});

import { expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { readBesideAppenders } from './live-reader.suite.ts';

const EVENTS = Number(process.env['LIVE_READER_EVENTS'] ?? 200_000);

describeWithDatabase('a live reader', () => {
  test(`misses and doubles none of ${EVENTS} events of 32 appenders on two processes`, async () => {
    expect(await readBesideAppenders(EVENTS)).toEqual({ seen: EVENTS, acknowledged: EVENTS });
  });
});

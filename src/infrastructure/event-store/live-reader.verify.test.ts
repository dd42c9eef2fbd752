import { test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { readBesideAppenders } from './live-reader.suite.ts';

const EVENTS = Number(process.env['LIVE_READER_EVENTS'] ?? 200_000);

describeWithDatabase('a live reader', () => {
  // The assertions are in the function, which the short tier shares.
  test(`misses and doubles none of ${EVENTS} events of 32 appenders on two processes`, () =>
    readBesideAppenders(EVENTS));
});

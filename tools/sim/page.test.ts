import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pageOf } from './page.ts';

/** A page without what one run showed, and without the widths of its tables, which are made even for whoever reads the text. */
const withoutRun = (page: string): string =>
  page
    .replace(/## The run of this page[^]*?## What has to be true/, '## What has to be true')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/ +/g, ' ');

const NO_RUN = {
  seeds: 0,
  simulatedDays: 0,
  events: 0,
  seconds: 0,
  simulatedSecondsASecond: 0,
  violations: 0,
  faults: {},
  reached: {},
};

test('the published page says what is judged and planted now', async () => {
  const published = await readFile(new URL('../../docs/simulation.md', import.meta.url), 'utf8');
  expect(withoutRun(published)).toBe(withoutRun(pageOf(NO_RUN, 1)));
});

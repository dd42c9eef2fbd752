import { expect, test } from 'vitest';
import { shownAgent } from './shown-agent.ts';

const CHROME =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36';

test.each([
  [CHROME, 'Chrome, Android'],
  [`${CHROME} SamsungBrowser/28`, 'Samsung, Android'],
  [`${CHROME} YaBrowser/26.1`, 'Yandex, Android'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1', 'Safari, iPhone'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', null],
  [null, null],
])('%s is shown as %s', (agent, shown) => {
  expect(shownAgent(agent)).toBe(shown);
});

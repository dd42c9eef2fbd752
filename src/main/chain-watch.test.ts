import pino from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createManualClock } from '../infrastructure/clock.ts';
import { createChainWatch } from './chain-watch.ts';
import { loadConfig } from './config.ts';

test('every forged token is counted, and a line a minute for each kind tells of them', async () => {
  const lines: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) });
  const [metrics, clock] = [new Registry(), createManualClock(0)];
  const { onForgedToken } = createChainWatch({ config: loadConfig({}), log, metrics, clock });
  for (let count = 0; count < 1_000; count += 1) {
    onForgedToken('signature');
    clock.advance(100);
  }
  onForgedToken('key');
  const line = { level: 40, msg: 'an access token was forged' };
  expect(lines).toEqual(['signature', 'signature', 'key'].map((forgery) => ({ ...line, forgery })));
  const counted = await metrics.getSingleMetricAsString('skypark_forged_tokens_total');
  expect(counted).toContain('skypark_forged_tokens_total{forgery="signature"} 1000');
});

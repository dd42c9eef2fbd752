import { expect, test } from 'vitest';
import { runChainDemo } from '../../tools/demo/chain/run.ts';
import { describeWithDatabase } from '../support/database.ts';

describeWithDatabase('headquarters and two parks, each a process with a database of its own', () => {
  test('sell and let in while a cable is pulled, and agree when it is back', { timeout: 300_000 }, async () => {
    const said: string[] = [];
    await runChainDemo({ tickets: 6, capacity: 60, tell: (line) => void said.push(line) });
    const text = said.join('\n');
    expect(text).toContain('places sold    60 of 60\noversold       0\n');
    expect(text).toContain('lost           0\nincidents      2, the same at both');
  });
});

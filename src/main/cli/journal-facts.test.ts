import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readJournal } from './journal-facts.ts';

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-journal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'journal'), text);
  return join(folder, 'journal');
}

const paid = '{"fact":"paid","paymentId":"one"}';

test('a journal is read line by line, but for an end that a crash cut off', async () => {
  expect(await readJournal(await fileWith(''))).toEqual([]);
  expect(await readJournal(await fileWith(`${paid}\n{"fact":"pa`))).toEqual([{ fact: 'paid', paymentId: 'one' }]);
  expect(await readJournal(await fileWith(paid))).toEqual([]);
});

test('a line that is no fact is not passed over', async () => {
  const file = await fileWith(`${paid}\n{"fact":"paid"}\n`);
  await expect(readJournal(file)).rejects.toThrow('line 2 is no fact');
});

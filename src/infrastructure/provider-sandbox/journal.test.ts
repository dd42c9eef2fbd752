import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from './journal.ts';

async function someFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-journal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'inner', 'journal.jsonl');
}

test('what was appended, alone or together, is there after opening again, in order', async () => {
  const file = await someFile();
  const { journal, lines } = await openJournal(file);
  expect(lines).toEqual([]);
  await Promise.all([1, 2, 3].map((number) => journal.append({ number })));
  await journal.append({ text: 'строка\n' });
  await journal.close();
  const again = await openJournal(file);
  expect(again.lines).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }, { text: 'строка\n' }]);
  await again.journal.close();
});

test('a last line cut short by a crash is dropped and does not spoil the next one', async () => {
  const file = await someFile();
  await (await openJournal(file)).journal.close();
  await appendFile(file, '{"name":"ё"}\n{"name":"cut');
  const { journal, lines } = await openJournal(file);
  expect(lines).toEqual([{ name: 'ё' }]);
  await journal.append({ name: 'next' });
  await journal.close();
  expect(await readFile(file, 'utf8')).toBe('{"name":"ё"}\n{"name":"next"}\n');
});

test('an unreadable line in the middle stops the start and is named', async () => {
  const file = await someFile();
  await (await openJournal(file)).journal.close();
  await appendFile(file, '{}\n{oops\n{}\n');
  await expect(openJournal(file)).rejects.toThrow('line 2');
});

test('a failed write is told, and nothing is accepted after it', async () => {
  const { journal } = await openJournal(await someFile());
  await journal.close();
  await expect(journal.append({})).rejects.toThrow('cannot be written');
  await expect(journal.append({})).rejects.toThrow('cannot be written');
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A slip that somebody might make, for the simulator to find. */
export type Mutant = {
  readonly name: string;
  /** What it would mean for people. */
  readonly why: string;
  /** Below src. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** One that catches it. */
  readonly seed: number;
  /** What is broken then: that something else is would show nothing. */
  readonly rule: string;
};

/** @throws where the text does not stand exactly once in the file, so that no mutant silently stops being one */
export async function mutated({ name, file, from, to }: Mutant, root: string): Promise<string> {
  const text = await readFile(join(root, 'src', file), 'utf8');
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`mutant ${name}: its text stands ${times} times in src/${file}, not once`);
  if (from === to) throw new Error(`mutant ${name} changes nothing`);
  return text.replace(from, () => to);
}

export const plant = async (mutant: Mutant, root: string): Promise<void> =>
  writeFile(join(root, 'src', mutant.file), await mutated(mutant, root));

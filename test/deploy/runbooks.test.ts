import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/main/cli/command.ts';
import { commands } from '../../src/main/cli/commands.ts';
import { projectFiles, projectRoot, readProjectFile } from '../support/project-files.ts';

const FOLDER = 'docs/runbooks';
const runbooks = readdirSync(join(projectRoot, FOLDER));
const { scripts } = JSON.parse(readProjectFile('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The commands in the blocks of a runbook, lines that go on joined. */
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```(?:sh|text)\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line !== ''),
  );

describe('the runbooks', () => {
  test('are all named in the list of them', () => {
    const list = readProjectFile(`${FOLDER}/README.md`);
    expect(runbooks.filter((file) => file !== 'README.md' && !list.includes(`(${file})`))).toEqual([]);
  });

  test.each(runbooks)('%s has only commands that there are', (file) => {
    for (const command of commandsIn(readProjectFile(`${FOLDER}/${file}`))) {
      const words = command.split(' ').filter((word) => !/^[A-Z_]+=/.test(word));
      if (words[0] === 'npm' && words[1] === 'run') {
        expect(Object.keys(scripts)).toContain(words[2]);
        const cli = words.slice(4).map((word) => word.replace('KEYID', '0123abcd'));
        if (words[2] === 'cli') expect([command, parseCommandLine(commands, cli).ok]).toEqual([command, true]);
      }
      for (const path of words.filter((word) => /^(deploy|tools)\/[a-z/-]+\.(sh|ts|yaml)$/.test(word))) {
        expect(projectFiles()).toContain(path);
        if (path === words[0]) expect(statSync(join(projectRoot, path)).mode & 0o111).not.toBe(0);
      }
    }
  });
});

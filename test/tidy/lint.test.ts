import { execFile } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { withTemporaryTree } from '../support/temporary-tree.ts';

const projectRoot = join(import.meta.dirname, '../..');

/** What src/infrastructure and src/main may do and nobody else: read time, randomness and settings, and set timers. */
const sideDoors: readonly { readonly code: string; readonly rule: string }[] = [
  { code: 'export const now = Date.now();', rule: 'eslint(no-restricted-globals)' },
  { code: 'export const now = new Date();', rule: 'eslint(no-restricted-globals)' },
  { code: 'export const clock = Date;', rule: 'eslint(no-restricted-globals)' },
  { code: 'export const now = performance.now();', rule: 'eslint(no-restricted-globals)' },
  { code: 'export const now = globalThis.Date.now();', rule: 'eslint(no-restricted-globals)' },
  { code: 'export const dice = Math.random();', rule: 'eslint(no-restricted-properties)' },
  { code: 'export const { random } = Math;', rule: 'eslint(no-restricted-properties)' },
  { code: 'export const id = crypto.randomUUID();', rule: 'eslint(no-restricted-globals)' },
  { code: "export { randomUUID } from 'node:crypto';", rule: 'eslint(no-restricted-imports)' },
  { code: "export { uuidv7 } from 'uuidv7';", rule: 'eslint(no-restricted-imports)' },
  { code: 'export const port = process.env;', rule: 'eslint(no-restricted-globals)' },
  { code: "export { env } from 'node:process';", rule: 'eslint(no-restricted-imports)' },
  { code: 'setTimeout(() => undefined, 1);', rule: 'eslint(no-restricted-globals)' },
  { code: 'setInterval(() => undefined, 1);', rule: 'eslint(no-restricted-globals)' },
  { code: 'setImmediate(() => undefined);', rule: 'eslint(no-restricted-globals)' },
  { code: "export { setTimeout } from 'node:timers/promises';", rule: 'eslint(no-restricted-imports)' },
];

const rooms = ['kernel', 'flows', 'sync', 'modules/booking/domain', 'modules/booking/http'];

/** Habits of the whole house; `file` where the name matters. */
const habits: readonly { readonly code: string; readonly rule: string; readonly file?: string }[] = [
  { code: 'export default 1;', rule: 'import(no-default-export)' },
  { code: 'export const value: any = 1;', rule: 'typescript(no-explicit-any)' },
  { code: 'export const value = 1 as any;', rule: 'typescript(no-explicit-any)' },
  { code: '// @ts-ignore\nexport const value = 1;', rule: 'typescript(ban-ts-comment)' },
  { code: '// TO' + 'DO: later\nexport const value = 1;', rule: 'eslint(no-warning-comments)' },
  { code: "export * from './other.ts';", rule: 'oxc(no-barrel-file)' },
  { code: 'export const value = 1;', rule: 'unicorn(filename-case)', file: 'src/kernel/TicketPrice.ts' },
  { code: longFunction(71), rule: 'eslint(max-lines-per-function)' },
  { code: 'export const value = 1;\n'.padEnd(400, '\n'), rule: 'eslint(max-lines)' },
  {
    code: 'async function sell() {}\nexport const sold = () => { sell(); };',
    rule: 'typescript(no-floating-promises)',
  },
  {
    code: "export { api } from '../../src/main/api.ts';",
    rule: 'eslint(no-restricted-imports)',
    file: 'web/guest/inside.ts',
  },
  {
    code: "export { App } from '../console/app.tsx';",
    rule: 'eslint(no-restricted-imports)',
    file: 'web/gate/neighbour.ts',
  },
  {
    code: "export { App } from '../console/app.tsx';",
    rule: 'eslint(no-restricted-imports)',
    file: 'web/shared/app.ts',
  },
  {
    code: "import { expect, test } from 'vitest';\ntest.only('a', () => { expect(1).toBe(1); });",
    rule: 'vitest(no-focused-tests)',
    file: 'src/kernel/focused.test.ts',
  },
  {
    code: "import { expect, test } from 'vitest';\ntest.skip('a', () => { expect(1).toBe(1); });",
    rule: 'vitest(no-disabled-tests)',
    file: 'src/kernel/disabled.test.ts',
  },
];

function longFunction(lines: number): string {
  const body = Array.from({ length: lines }, (_, index) => `  sum += ${index};`).join('\n');
  return `export function long(): number {\n  let sum = 0;\n${body}\n  return sum;\n}`;
}

type Finding = { readonly code: string; readonly filename: string };

async function lint(root: string): Promise<readonly Finding[]> {
  await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  const arguments_ = ['--type-aware', '--format', 'json', '.'];
  return new Promise((resolve, reject) => {
    const program = join(projectRoot, 'node_modules/.bin/oxlint');
    execFile(program, arguments_, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      try {
        const report: { readonly diagnostics: readonly Finding[] } = JSON.parse(stdout);
        resolve(report.diagnostics);
      } catch (error) {
        reject(new Error(`oxlint gave no report: ${stderr}`, { cause: error }));
      }
    });
  });
}

const sideDoorFile = (room: string, index: number): string => `src/${room}/side-door-${index}.ts`;
const habitFile = (index: number): string => habits[index]?.file ?? `src/kernel/habit-${index}.ts`;

async function plantedTree(): Promise<Record<string, string>> {
  const allowedRooms = ['infrastructure', 'infrastructure/http', 'main'];
  const house: Record<string, string> = {
    '.oxlintrc.json': await readFile(join(projectRoot, '.oxlintrc.json'), 'utf8'),
    'tsconfig.json': await readFile(join(projectRoot, 'tsconfig.json'), 'utf8'),
    'tools/clock.ts': `${sideDoors[0]?.code ?? ''}\n`,
  };
  sideDoors.forEach(({ code }, index) => {
    for (const room of [...rooms, ...allowedRooms]) house[sideDoorFile(room, index)] = `${code}\n`;
    house[`src/kernel/side-door-${index}.test.ts`] = `${code}\n`;
  });
  habits.forEach(({ code }, index) => {
    house[habitFile(index)] = `${code}\n`;
  });
  return house;
}

describe('the lint rules of the house', () => {
  let findings: readonly Finding[] = [];
  const rulesAt = (file: string): string[] =>
    findings.filter(({ filename }) => filename === file).map(({ code }) => code);

  beforeAll(async () => {
    findings = await withTemporaryTree(await plantedTree(), lint);
  });

  test.each(sideDoors.map((door, index) => ({ ...door, index })))('$code is refused outside', ({ rule, index }) => {
    for (const room of rooms) expect(rulesAt(sideDoorFile(room, index))).toContain(rule);
  });

  test('time, randomness, settings and timers are free in infrastructure, main, tests and tools', () => {
    const refused = findings.filter(({ code }) => code.includes('no-restricted'));
    const free = /^(src\/(infrastructure|main)\/|tools\/|.*\.test\.ts$)/;
    expect(refused.filter(({ filename }) => free.test(filename))).toEqual([]);
  });

  test.each(habits.map((habit, index) => ({ ...habit, index })))('$rule bites', ({ rule, index }) => {
    expect(rulesAt(habitFile(index))).toContain(rule);
  });
});

/**
 * Checks the doors of the house (.dependency-cruiser.mjs) and that anything was looked at: a parser that understands
 * nothing finds no violations either.
 */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ICruiseResult } from 'dependency-cruiser';

const projectRoot = resolve(import.meta.dirname, '..');

/** One forbidden import; paths are relative to the cruised root. */
export type DoorViolation = { readonly rule: string; readonly from: string; readonly to: string };

export type DoorReport = {
  readonly moduleCount: number;
  readonly violations: readonly DoorViolation[];
  readonly doors: readonly string[];
};

/**
 * Cruises `folders` below `root`. A process of its own, because the cruiser works relative to its current directory.
 *
 * @returns how many modules below the folders were read, every import that a door forbids, and the names of all doors
 */
export async function checkDoors(root: string, folders: readonly string[]): Promise<DoorReport> {
  const rules = join(projectRoot, '.dependency-cruiser.mjs');
  const { stdout } = await promisify(execFile)(
    join(projectRoot, 'node_modules/.bin/depcruise'),
    ['--config', rules, '--output-type', 'json', ...folders],
    { cwd: root, maxBuffer: 256 * 1024 * 1024 },
  );
  const { modules, summary }: ICruiseResult = JSON.parse(stdout);
  return {
    moduleCount: modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`))).length,
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    doors: (summary.ruleSetUsed?.forbidden ?? []).flatMap(({ name }) => name ?? []),
  };
}

async function main(): Promise<void> {
  const { moduleCount, violations } = await checkDoors(projectRoot, ['src', 'test', 'tools', 'bench']);
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`);
  if (moduleCount === 0) console.error('no module was read: the parser understands nothing');
  console.log(`${moduleCount} modules, ${violations.length} forbidden imports`);
  process.exitCode = moduleCount === 0 || violations.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkDoors, type DoorReport } from '../../tools/doors.ts';
import { withTemporaryTree } from '../support/temporary-tree.ts';

const projectModules = join(import.meta.dirname, '../../node_modules');

/** A house of two modules in which every import goes through a door. */
const cleanHouse: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { fastify: '*', pg: '*' },
    devDependencies: { vitest: '*', 'fast-check': '*' },
  }),
  'src/kernel/result.ts': `export type Result = { readonly ok: boolean };\n`,
  'src/kernel/result.test.ts': `import { test } from 'vitest';\nimport type { Result } from './result.ts';\nexport const keep: Result | typeof test = test;\n`,
  'src/infrastructure/http/route.ts': `import { fastify } from 'fastify';\nimport type { Result } from '../../kernel/result.ts';\nexport const route: Result | typeof fastify = fastify;\n`,
  'src/infrastructure/database.ts': `import { Pool } from 'pg';\nexport const pool = new Pool();\n`,
  ...moduleFiles('booking'),
  ...moduleFiles('park'),
  'src/flows/purchase.ts': `import type { BookingSold } from '../modules/booking/contract.ts';\nimport type { ParkSold } from '../modules/park/contract.ts';\nexport type Purchase = BookingSold | ParkSold;\n`,
  'src/sync/protocol.ts': `import type { Result } from '../kernel/result.ts';\nimport type { ParkSold } from '../modules/park/contract.ts';\nexport type Message = Result | ParkSold;\n`,
  'src/main/api.ts': `import { booking } from '../modules/booking/module.ts';\nimport { sell } from '../modules/park/application/sell.ts';\nimport type { Purchase } from '../flows/purchase.ts';\nexport const all: unknown[] = [booking, sell];\nexport type { Purchase };\n`,
  'test/support/house.ts': `import { all } from '../../src/main/api.ts';\nexport const house = all;\n`,
  'test/e2e/house.e2e.test.ts': `import { house } from '../support/house.ts';\nexport const keep = house;\n`,
};

function moduleFiles(name: string): Record<string, string> {
  const sold = `${name.charAt(0).toUpperCase()}${name.slice(1)}Sold`;
  const folder = `src/modules/${name}`;
  return {
    [`${folder}/contract.ts`]: `import type { Result } from '../../kernel/result.ts';\nexport type ${sold} = Result;\n`,
    [`${folder}/domain/ticket.ts`]: `import type { Result } from '../../../kernel/result.ts';\nexport const ticket: Result = { ok: true };\n`,
    [`${folder}/application/sell.ts`]: `import { ticket } from '../domain/ticket.ts';\nimport type { ${sold} } from '../contract.ts';\nexport const sell = (): ${sold} => ticket;\n`,
    [`${folder}/http/sell.ts`]: `import { sell } from '../application/sell.ts';\nimport { route } from '../../../infrastructure/http/route.ts';\nexport const httpSell = [sell, route];\n`,
    [`${folder}/persistence/view.ts`]: `import { pool } from '../../../infrastructure/database.ts';\nimport { ticket } from '../domain/ticket.ts';\nexport const view = [pool, ticket];\n`,
    [`${folder}/module.ts`]: `import { httpSell } from './http/sell.ts';\nimport { view } from './persistence/view.ts';\nexport const ${name} = [httpSell, view];\n`,
  };
}

/** Each row plants one file with one wrong import; `rule` is the door that has to report it. */
const planted: readonly { readonly rule: string; readonly file: string; readonly imports: string }[] = [
  { rule: 'kernel-sees-nothing', file: 'src/kernel/bad-room.ts', imports: '../infrastructure/database.ts' },
  { rule: 'kernel-sees-nothing', file: 'src/kernel/bad-package.ts', imports: 'fastify' },
  { rule: 'kernel-sees-nothing', file: 'src/kernel/bad-node.ts', imports: 'node:crypto' },
  { rule: 'domain-is-pure', file: 'src/modules/booking/domain/bad-up.ts', imports: '../application/sell.ts' },
  { rule: 'domain-is-pure', file: 'src/modules/booking/domain/bad-package.ts', imports: 'pg' },
  { rule: 'domain-is-pure', file: 'src/modules/booking/domain/bad-node.ts', imports: 'node:fs' },
  {
    rule: 'application-sees-its-domain',
    file: 'src/modules/booking/application/bad-up.ts',
    imports: '../http/sell.ts',
  },
  {
    rule: 'application-sees-its-domain',
    file: 'src/modules/booking/application/bad-adapter.ts',
    imports: '../../../infrastructure/database.ts',
  },
  { rule: 'contract-is-types', file: 'src/modules/loyalty/contract.ts', imports: './domain/points.ts' },
  {
    rule: 'http-sees-its-application',
    file: 'src/modules/booking/http/bad-view.ts',
    imports: '../persistence/view.ts',
  },
  { rule: 'http-sees-its-application', file: 'src/modules/booking/http/bad-rule.ts', imports: '../domain/ticket.ts' },
  {
    rule: 'persistence-sees-its-domain',
    file: 'src/modules/booking/persistence/bad-up.ts',
    imports: '../http/sell.ts',
  },
  { rule: 'module-lists-its-own-rooms', file: 'src/modules/loyalty/module.ts', imports: '../../flows/purchase.ts' },
  {
    rule: 'modules-never-import-modules',
    file: 'src/modules/booking/persistence/bad-neighbour.ts',
    imports: '../../park/contract.ts',
  },
  {
    rule: 'modules-never-import-modules',
    file: 'src/modules/booking/domain/bad-neighbour.test.ts',
    imports: '../../park/domain/ticket.ts',
  },
  { rule: 'flows-see-contracts', file: 'src/flows/bad-inside.ts', imports: '../modules/park/domain/ticket.ts' },
  { rule: 'flows-see-contracts', file: 'src/flows/bad-adapter.ts', imports: '../infrastructure/database.ts' },
  {
    rule: 'infrastructure-knows-no-module',
    file: 'src/infrastructure/bad-inside.ts',
    imports: '../modules/park/application/sell.ts',
  },
  { rule: 'sync-knows-no-module', file: 'src/sync/bad-inside.ts', imports: '../modules/park/persistence/view.ts' },
  { rule: 'nobody-imports-main', file: 'src/infrastructure/bad-main.ts', imports: '../main/api.ts' },
  { rule: 'nobody-imports-main', file: 'src/modules/park/http/bad-main.ts', imports: '../../../main/api.ts' },
  { rule: 'nobody-imports-a-test', file: 'src/kernel/bad-test.ts', imports: './result.test.ts' },
  { rule: 'nobody-imports-a-test', file: 'test/e2e/bad.e2e.test.ts', imports: './house.e2e.test.ts' },
  {
    rule: 'product-leaves-test-code-alone',
    file: 'src/infrastructure/bad-support.ts',
    imports: '../../test/support/house.ts',
  },
  {
    rule: 'product-leaves-test-code-alone',
    file: 'src/infrastructure/bad-suite.ts',
    imports: './http/route-contract.ts',
  },
  { rule: 'product-uses-no-dev-dependency', file: 'src/infrastructure/bad-dev.ts', imports: 'vitest' },
  { rule: 'no-unresolved', file: 'src/infrastructure/bad-path.ts', imports: './nowhere.ts' },
];

const cycle = {
  'src/kernel/chicken.ts': `import type { Egg } from './egg.ts';\nexport type Chicken = { readonly laid: Egg };\n`,
  'src/kernel/egg.ts': `import type { Chicken } from './chicken.ts';\nexport type Egg = { readonly from: Chicken };\n`,
};

function plantedHouse(): Record<string, string> {
  const wrong = planted.map(({ file, imports }) => [file, `import * as wrong from '${imports}';\nexport { wrong };\n`]);
  const needed = {
    'src/modules/loyalty/domain/points.ts': 'export const points = 1;\n',
    'src/infrastructure/http/route-contract.ts': "import { test } from 'vitest';\nexport const routeContract = test;\n",
  };
  return { ...cleanHouse, ...needed, ...cycle, ...Object.fromEntries(wrong) };
}

function cruiseHouse(files: Readonly<Record<string, string>>): Promise<DoorReport> {
  return withTemporaryTree(files, async (root) => {
    await mkdir(join(root, 'test'), { recursive: true });
    await symlink(projectModules, join(root, 'node_modules'));
    return checkDoors(root, ['src', 'test']);
  });
}

describe('the doors of the house', () => {
  let violations: DoorReport['violations'] = [];
  let doors: DoorReport['doors'] = [];
  beforeAll(async () => {
    ({ violations, doors } = await cruiseHouse(plantedHouse()));
  });

  test('a clean house passes, and all of it was read', async () => {
    const { moduleCount, violations: found } = await cruiseHouse(cleanHouse);
    expect(found).toEqual([]);
    expect(moduleCount).toBe(Object.keys(cleanHouse).filter((path) => path.endsWith('.ts')).length);
  });

  test.each(planted)('$rule catches $imports in $file', ({ rule, file }) => {
    expect(violations).toContainEqual(expect.objectContaining({ rule, from: file }));
  });

  test('no-circular catches a cycle that exists in types only', () => {
    expect(violations).toContainEqual(expect.objectContaining({ rule: 'no-circular', to: 'src/kernel/egg.ts' }));
  });

  test('every door has a planted violation', () => {
    const proved = new Set([...planted.map(({ rule }) => rule), 'no-circular']);
    expect(doors.toSorted()).toEqual([...proved].toSorted());
  });

  test('nothing but the planted files is reported', () => {
    const wrongFiles = new Set([...planted.map(({ file }) => file), ...Object.keys(cycle)]);
    expect(violations.filter(({ from }) => !wrongFiles.has(from))).toEqual([]);
  });
});

/**
 * The doors of the house: who may import whom. Modules are a pattern, so a new one is covered on its first day.
 * Every rule is proved by a planted violation in test/tidy/doors.test.ts.
 */
const TEST = '(\\.test|\\.suite|-contract)\\.ts$';
const MODULE = '^src/modules/([^/]+)/';
const KERNEL = '^src/kernel/';
const CONTRACT = '^src/modules/[^/]+/contract\\.ts$';

/** One door: files under `from` (tests excepted) may import only what matches one of `allowed`. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { pathNot: allowed },
});

/** Like `only`, for rooms that may also use npm packages and Node: the door counts inside src alone. */
const onlyInside = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { path: '^src/', pathNot: allowed },
});

const forbidden = [
  only('kernel-sees-nothing', 'The kernel is words: no package, no Node, no other room.', KERNEL, [KERNEL]),
  only(
    'domain-is-pure',
    'A domain sees the kernel, itself, and the types its module has published.',
    `${MODULE}domain/`,
    [KERNEL, '^src/modules/$1/domain/', '^src/modules/$1/contract\\.ts$'],
  ),
  only('application-sees-its-domain', 'Everything else enters as a port.', `${MODULE}application/`, [
    KERNEL,
    '^src/modules/$1/(domain|application)/',
    '^src/modules/$1/contract\\.ts$',
  ]),
  only('contract-is-types', 'What others may see stands on the kernel alone.', CONTRACT, [KERNEL]),
  onlyInside('http-sees-its-application', 'Parse, permit, call, map the result.', `${MODULE}http/`, [
    KERNEL,
    '^src/infrastructure/http/',
    '^src/modules/$1/(http|application)/',
    '^src/modules/$1/contract\\.ts$',
  ]),
  onlyInside('persistence-sees-its-domain', 'Codecs, projections and their queries.', `${MODULE}persistence/`, [
    KERNEL,
    '^src/infrastructure/',
    '^src/modules/$1/(persistence|domain|application)/',
    '^src/modules/$1/contract\\.ts$',
  ]),
  onlyInside('module-lists-its-own-rooms', 'The table of contents of one module.', `${MODULE}module\\.ts$`, [
    KERNEL,
    '^src/infrastructure/',
    '^src/modules/$1/',
  ]),
  {
    name: 'modules-never-import-modules',
    comment: 'Ask through a port bound in main/compose.ts, or react in a flow.',
    severity: 'error',
    from: { path: MODULE },
    to: { path: '^src/modules/', pathNot: '^src/modules/$1/' },
  },
  only('flows-see-contracts', 'A flow joins modules by their published words.', '^src/flows/', [
    KERNEL,
    '^src/flows/',
    CONTRACT,
  ]),
  onlyInside('infrastructure-knows-no-module', 'Adapters see the kernel and contracts.', '^src/infrastructure/', [
    KERNEL,
    '^src/infrastructure/',
    CONTRACT,
  ]),
  onlyInside('sync-knows-no-module', 'Node to node: the kernel, adapters and contracts.', '^src/sync/', [
    KERNEL,
    '^src/sync/',
    '^src/infrastructure/',
    CONTRACT,
  ]),
  {
    name: 'nobody-imports-main',
    comment: 'main knows everything, nobody knows main. Tests, tools and benches start it.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/main/', TEST] },
    to: { path: '^src/main/' },
  },
  {
    name: 'nobody-imports-a-test',
    comment: 'What two tests share lives in test/support or in a suite.',
    severity: 'error',
    from: {},
    to: { path: '\\.test\\.ts$' },
  },
  {
    name: 'product-leaves-test-code-alone',
    comment: 'What runs in production comes from src and from dependencies, not from tests, tools or dev packages.',
    severity: 'error',
    from: { path: '^src/', pathNot: TEST },
    to: { path: ['^(test|tools|bench|clients)/', '(\\.suite|-contract)\\.ts$'] },
  },
  {
    name: 'product-uses-no-dev-dependency',
    comment: 'A package that the product needs belongs to "dependencies".',
    severity: 'error',
    from: { path: '^src/', pathNot: TEST },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-circular',
    comment: 'No cycles, types included.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    comment: 'An import that does not resolve would escape every other rule.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    // TypeScript 7 has no JavaScript API; without swc the cruise would end with 0 modules and no word.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.build)/' },
    builtInModules: { add: [] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};

import { invariants } from './invariants.ts';
import { mutants } from './mutants.ts';
import type { Sum } from './tally.ts';

const rows = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, times]) => `| ${name} | ${times.toLocaleString('en')} |`)
    .join('\n');

/** What a long run showed, for people: `docs/simulation.md`. */
export const pageOf = ({ faults, reached, ...sum }: Sum, first: number): string => `# Simulated days

<!-- Made by \`npm run sim -- --page docs/simulation.md\`. -->

\`npm run sim\` lives days of the chain that never were: headquarters and two parks, each the whole program on a PostgreSQL database of its own, under simulated
time. Families book, pay, move to a dearer day, come in parts, leave and return; codes are copied; desks sell; managers lower quotas, raise prices and cancel; families want their money back while some of them are inside; keepers of gates and managers are dismissed.
Gates that are alone decide
by logs of their own and bring them later, twice, as two different logs, or never, since their device was stolen. Meanwhile cables are cut, answers are lost, messages come twice or cut in half, nodes are killed and put back to an older backup, disks run full, the machine of a park
is stolen and revoked, clocks run wrong by up to a year, and the bank does not answer. Then one park is mended and has to come through, everything else is mended, the
days end, and each seed is judged (most seeds are small and have some of these stories only: what happens all the time hides what it keeps from happening):

- by a diary of the world, which no node can write: who really passed a gate, which money the bank really took and kept, to the tyiyn, and what a node has acknowledged;
- by the audits of \`npm run cli -- check\` on every node: places, money, points, receipts, tills, passes, incidents, voids, reports and the log itself;
- by hashes: what headquarters and a park must hold alike, they hold alike, table by table;
- nothing waits for ever, nothing was set apart, no flow or job has failed.

What it does not show: how events reach a flow (a simulated node hands them over itself, in order, where the product has subscriptions with leases; those have tests of
their own, with kills), what the adapter of a payment provider makes of HTTP (the bank is one of the simulator's own), and, in seeds in which headquarters is put back to
a backup, whether tables are equal afterwards: the parks then know of a life of it that it has forgotten. How it works is told in
[ADR 43](adr/0043-simulated-nodes-are-whole-nodes.md).

## The run of this page

| | |
| --- | --- |
| seeds | ${sum.seeds.toLocaleString('en')} (${first} to ${first + sum.seeds - 1}) |
| simulated days | ${sum.simulatedDays.toLocaleString('en')} |
| events at headquarters | ${sum.events.toLocaleString('en')} |
| took | ${sum.seconds.toLocaleString('en')} s, ${sum.simulatedSecondsASecond.toLocaleString('en')} simulated seconds a second |
| rules broken | ${sum.violations} |

| fault | times |
| --- | ---: |
${rows(faults)}

| state | seeds that came to it |
| --- | ---: |
${rows(reached)}

## What has to be true

| whatever happens | who looks |
| --- | --- |
${invariants.map(({ what, by }) => `| ${what} | \`${by}\` |`).join('\n')}

## Faults planted on purpose

\`npm run sim:mutants\` plants one slip at a time in a copy of the program, and the simulator has to find each within its first 300 seeds; a seed that is
known to find it is lived first.

| slip | what it would mean | found by seed |
| --- | --- | ---: |
${mutants.map(({ name, why, seed }) => `| ${name} | ${why} | ${seed} |`).join('\n')}

## To run it

- \`npm run sim -- --seeds 300\`: the first 300 seeds; \`--first 301\` goes on, \`--minutes 30\` lives as many as there is time for. Each is lived
  again up to its last step, every tenth until it is healed, and what was answered and the logs of all nodes have to be the same, event by event; with \`--once\` it is not.
- \`npm run sim -- --seed 7\`: one seed, step by step. The lines read: number of the step, time since 07:00 of the first day, what was done, what came of it.
- A seed that breaks a rule is printed with the rule, and shortened to the least steps that still break it; \`npm run sim -- --plan FILE\` lives those. Once mended,
  the plan is kept in \`test/simulation/plans\` and lived by every run of all tests; so are the first seeds, each twice.
`;

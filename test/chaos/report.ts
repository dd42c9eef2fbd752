import type { Outcome } from './run.ts';

const sum = (tally: ReadonlyMap<string, number> | undefined): number =>
  [...(tally ?? [])].reduce((total, [, times]) => total + times, 0);

const listed = (tally: ReadonlyMap<string, number>): string =>
  [...tally]
    .toSorted(([, one], [, other]) => other - one)
    .map(([what, times]) => `${times} × ${what.trim()}`)
    .join(', ');

/** What came of a schedule, for people. */
export function reportOf(outcome: Outcome): string {
  const { schedule, seconds, violations, faults, answers, missing } = outcome;
  const rows: readonly (readonly [string, string])[] = [
    ['took', `${seconds.toFixed(0)} s, ${schedule.lasts} s of them with faults`],
    ['faults', listed(faults).replaceAll('_', ' ') || 'none'],
    ...[...missing].map(([part, why]) => ['not here', `${part}: ${why}`] as const),
    ['nodes started again', String(outcome.restarts)],
    ['tickets', `${outcome.tickets} acknowledged`],
    ['through the gates', `${outcome.passages} scans, ${outcome.aloneAtGates} of them by gates alone`],
    ['longest silence', `${(outcome.longestSilenceMs / 1000).toFixed(1)} s without an answer to a gate`],
    ['events', `${outcome.events} at headquarters`],
    ...[...answers].map(([question, tally]) => [question, `${sum(tally)}: ${listed(tally)}`] as const),
    ['rules broken', String(violations.length)],
  ];
  const table = rows.map(([name, text]) => `  ${name.padEnd(22)} ${text}`);
  return [...table, ...violations.map(({ rule, what }) => `  ${rule}: ${what}`)].join('\n');
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { projectRoot } from '../support/project-files.ts';
import { ALERTS } from './files.ts';

export const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

export type Case = {
  readonly series: readonly { readonly series: string; readonly values: string }[];
  readonly atMinute: number;
  readonly sounding: readonly string[];
};

/** Has promtool say which alarms of those that are meant sound in each case. */
export function expectSounding(meant: string, cases: readonly Case[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-promtool-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tests = cases.map(({ series, atMinute, sounding }) => ({
    interval: '1m',
    input_series: series,
    promql_expr_test: [
      {
        expr: `sum by (alertname) (ALERTS{alertstate="firing", ${meant}})`,
        eval_time: `${atMinute}m`,
        exp_samples: sounding.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
      },
    ],
  }));
  const rules = { rule_files: [join(projectRoot, ALERTS)], evaluation_interval: '1m', tests };
  writeFileSync(join(folder, 'test.yml'), JSON.stringify(rules));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
}

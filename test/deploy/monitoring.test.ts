import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMetricsRegistry } from '../../src/infrastructure/http/observe.ts';
import { projectFiles, projectRoot, readProjectFile } from '../support/project-files.ts';
import { ALERTS, metricsNamed, panels } from './files.ts';
import { expectSounding, hasPromtool } from './promtool.ts';

/** Names of all metrics in the sources, and those of the runtime. */
async function knownMetrics(): Promise<ReadonlySet<string>> {
  const sources = projectFiles().filter((path) => /^src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
  const own = sources.flatMap((path) => readProjectFile(path).match(/(?<=name: ')(?:skypark|http)_[a-z_]+/g) ?? []);
  const runtime = (await createMetricsRegistry().getMetricsAsJSON()).map(({ name }) => name);
  return new Set([...own, ...runtime]);
}

const LAG = 'skypark_subscription_lag_events';
const UP = { series: 'up{job="skypark", instance="api"}', values: '1x200' };
const READ = { series: `${LAG}{subscription="flow.purchase"}`, values: '0x200' };

describe('rules and dashboards', () => {
  test('name only metrics that the product has', async () => {
    const known = await knownMetrics();
    const named = metricsNamed();
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('show every metric of ours somewhere, or alarm by it, but those named here', async () => {
    const named = new Set(metricsNamed());
    const shownNowhere = [...(await knownMetrics())].filter((name) => name.startsWith('skypark_') && !named.has(name));
    // For a look into a single process, or of another part's own.
    const forLookingInto = [
      'skypark_events_stored_total',
      'skypark_job_duration_seconds',
      'skypark_subscription_failures_total',
      'skypark_delivery_gaps_total',
      'skypark_dead_letters_total',
      'skypark_limiter_failures_total',
      'skypark_cache_questions_total',
    ];
    expect(shownNowhere.filter((name) => !forLookingInto.includes(name))).toEqual([]);
  });

  test('have a title, and a runbook that exists for every alarm', () => {
    expect(panels().every(({ title, expressions }) => title !== '' && expressions.length > 0)).toBe(true);
    const runbooks = readProjectFile(ALERTS).match(/(?<=runbook: )\S+/g) ?? [];
    expect(runbooks).toHaveLength(readProjectFile(ALERTS).match(/- alert:/g)?.length ?? 0);
    const files = projectFiles();
    expect([...new Set(runbooks)].filter((path) => !files.includes(path))).toEqual([]);
  });

  test('page when no process is left to be scraped, and when none reads the log', (context) => {
    if (!hasPromtool) return context.skip('promtool is not installed (Debian: prometheus)');
    const relayed = { series: `${LAG}{subscription="relay"}`, values: '0x200' };
    expectSounding('severity="page"', [
      { series: [UP, READ], atMinute: 5, sounding: [] },
      { series: [UP, relayed], atMinute: 5, sounding: ['NoWorker'] },
      { series: [], atMinute: 5, sounding: ['NoWorker', 'ProcessDown'] },
    ]);
  });

  test('tell of a log that is not archived, and of backups that are old or never were', (context) => {
    if (!hasPromtool) return context.skip('promtool is not installed (Debian: prometheus)');
    // Seconds of age, from a minute to the next: what is made again and again, and what was made and never again.
    const fresh = (kind: string) => ({ series: `skypark_backup_age_seconds{kind="${kind}"}`, values: '60+0x200' });
    const ageing = (series: string, fromSeconds = 0) => ({ series, values: `${fromSeconds}+60x200` });
    const archived = { series: 'skypark_archive_age_seconds', values: '60+0x200' };
    const all = [archived, fresh('base'), fresh('erasures')];
    const oldBase = ageing('skypark_backup_age_seconds{kind="base"}', 90_000);
    expectSounding('alertname=~"Archive.*|.*Missing"', [
      { series: all, atMinute: 120, sounding: [] },
      { series: [ageing('skypark_archive_age_seconds'), ...all.slice(1)], atMinute: 30, sounding: [] },
      { series: [ageing('skypark_archive_age_seconds'), ...all.slice(1)], atMinute: 40, sounding: ['ArchiveStands'] },
      // Where nothing is to be archived there is no age.
      { series: all.slice(1), atMinute: 120, sounding: [] },
      { series: [archived, oldBase, fresh('erasures')], atMinute: 60, sounding: [] },
      { series: [archived, oldBase, fresh('erasures')], atMinute: 130, sounding: ['BaseBackupMissing'] },
      { series: [archived], atMinute: 120, sounding: ['BaseBackupMissing', 'ErasureListMissing'] },
      {
        series: [archived, fresh('base'), ageing('skypark_backup_age_seconds{kind="erasures"}')],
        atMinute: 45,
        sounding: ['ErasureListMissing'],
      },
    ]);
  });

  test('are what Prometheus accepts, every expression of the dashboards too', (context) => {
    if (!hasPromtool && !process.env['CI']) return context.skip('promtool is not installed (Debian: prometheus)');
    expect(hasPromtool, 'promtool is missing: in CI the rules must be judged').toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'skypark-promtool-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = readProjectFile('deploy/prometheus/prometheus.yml').replace(
      '/run/secrets/prometheus_token',
      join(folder, 'token'),
    );
    const expressions = panels().flatMap((panel) => panel.expressions);
    const rules = expressions.map(
      (expr, index) => `      - record: panel:${index}\n        expr: ${JSON.stringify(expr)}\n`,
    );
    writeFileSync(join(folder, 'token'), 'token');
    writeFileSync(join(folder, 'prometheus.yml'), config);
    writeFileSync(join(folder, 'alerts.yml'), readFileSync(join(projectRoot, ALERTS)));
    writeFileSync(join(folder, 'panels.yml'), `groups:\n  - name: panels\n    rules:\n${rules.join('')}`);
    for (const words of [
      ['config', 'prometheus.yml'],
      ['rules', 'alerts.yml'],
      ['rules', 'panels.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', ...words], { cwd: folder, encoding: 'utf8' });
      expect(status, `${stdout}${stderr}`).toBe(0);
    }
  });
});

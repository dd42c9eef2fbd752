import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, readProjectFile } from '../support/project-files.ts';

const DASHBOARDS = 'deploy/grafana/dashboards';

export type Panel = { readonly title: string; readonly expressions: readonly string[] };

/** The panels of every dashboard. */
export function panels(): readonly Panel[] {
  const files = readdirSync(join(projectRoot, DASHBOARDS));
  return files.flatMap((file) => {
    const { panels: all } = JSON.parse(readProjectFile(`${DASHBOARDS}/${file}`)) as {
      readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
    };
    return all.map(({ title, targets }) => ({ title, expressions: targets.map(({ expr }) => expr) }));
  });
}

export const ALERTS = 'deploy/prometheus/alerts.yml';

/** Metrics of ours that rules and dashboards name, without the endings that a histogram's series have. */
export function metricsNamed(): readonly string[] {
  const texts = [readProjectFile(ALERTS), ...panels().flatMap(({ expressions }) => expressions)];
  const names = texts.flatMap((text) => text.match(/\b(?:skypark|http|nodejs|process)_[a-z0-9_]+/g) ?? []);
  return [
    ...new Set(
      names.map((name) =>
        name
          .replace(/_seconds_(?:bucket|sum|count)$/, '_seconds')
          .replace(/_appends_(?:bucket|sum|count)$/, '_appends'),
      ),
    ),
  ];
}

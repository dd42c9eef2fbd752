import { expect, test } from 'vitest';
import { projectFiles, readProjectFile } from '../../test/support/project-files.ts';

test('without a collector nothing of OpenTelemetry is loaded', () => {
  const sources = projectFiles().filter((path) => /^src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
  const importing = (what: RegExp) => sources.filter((path) => what.test(readProjectFile(path)));
  expect(importing(/from '@opentelemetry\//)).toEqual(['src/infrastructure/tracing/otlp-tracing.ts']);
  expect(importing(/from '[^']*\/otlp-tracing\.ts'/)).toEqual([]);
  expect(importing(/import\('[^']*\/otlp-tracing\.ts'\)/)).toEqual(['src/main/traces.ts']);
});

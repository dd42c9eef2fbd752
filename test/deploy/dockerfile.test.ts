import { describe, expect, test } from 'vitest';
import { readDockerfile } from '../../tools/image.ts';

describe('the image', () => {
  const stages = readDockerfile();
  const last = stages.at(-1);
  const words = (keyword: string) =>
    last?.steps.filter((step) => step.keyword === keyword).map(({ rest }) => rest) ?? [];

  test('is made in stages, and the last one has no compiler, no sources and no development packages', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'dependencies', null]);
    expect(words('COPY').filter((rest) => /\b(src|tools)\b/.test(rest))).toEqual([]);
    expect(stages[1]?.steps.some(({ rest }) => rest.includes('--omit=dev'))).toBe(true);
  });

  test('runs as a plain user, tells whether it lives, and starts the API', () => {
    expect(words('USER')).toEqual(['node']);
    expect(words('HEALTHCHECK').join()).toContain('/health/live');
    expect(words('CMD')).toEqual(['["dist/main/api.js"]']);
    expect(words('ENTRYPOINT').join()).toContain('"node"');
  });
});

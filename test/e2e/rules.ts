import { expect } from 'vitest';
import type { Finding } from '../../src/main/cli/finding.ts';
import { checkRules } from '../../src/main/cli/check.ts';
import type { Fact } from '../../src/main/cli/journal-facts.ts';

/** The findings of the checker that do not hold, or that are still in progress. */
export async function brokenRules(url: string, facts: readonly Fact[] | null = null): Promise<readonly Finding[]> {
  const findings = await checkRules(url, { facts });
  return findings.filter(({ holds, inProgress }) => !holds || inProgress === true);
}

export async function expectRulesToHold(url: string, facts: readonly Fact[] | null = null): Promise<void> {
  expect(await brokenRules(url, facts)).toEqual([]);
}

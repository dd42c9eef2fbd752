import type { Clock } from '../../kernel/time.ts';
import { within } from '../within.ts';

/** Something the process depends on. `check` resolves when it works and rejects when it does not. */
export type HealthCheck = { readonly name: string; readonly required: boolean; check(): Promise<unknown> };

export type CheckResult = {
  readonly name: string;
  readonly required: boolean;
  readonly status: 'up' | 'down';
  readonly ms: number;
};

export type Readiness = {
  readonly status: 'ready' | 'draining' | 'unavailable';
  readonly checks: readonly CheckResult[];
};

export type Startup = {
  readonly status: 'starting' | 'started';
  /** What it waits for; none once it has started. */
  readonly checks: readonly CheckResult[];
};

/** A check that takes longer counts as down. */
const CHECK_LIMIT_MS = 2_000;
/** Probes within this time share one round of checks, however many there are. */
const FRESH_MS = 1_000;

async function runCheck(dependency: HealthCheck, clock: Clock): Promise<CheckResult> {
  const startedMs = clock.now();
  const result = async (): Promise<'up' | 'down'> => {
    try {
      await within(CHECK_LIMIT_MS, dependency.name, dependency.check());
      return 'up';
    } catch {
      return 'down';
    }
  };
  const status = await result();
  const { name, required } = dependency;
  return { name, required, status, ms: Math.max(0, clock.now() - startedMs) };
}

/** Whether a process has ever been ready; what breaks later is no part of its start. */
export function createStartup(readiness: () => Promise<Readiness>): () => Promise<Startup> {
  let hasStarted = false;
  return async () => {
    if (hasStarted) return { status: 'started', checks: [] };
    const { status, checks } = await readiness();
    hasStarted = status === 'ready';
    return hasStarted ? { status: 'started', checks: [] } : { status: 'starting', checks };
  };
}

/** Builds the question "may traffic be sent here?". */
export function createReadiness(
  checks: readonly HealthCheck[],
  clock: Clock,
  isDraining: () => boolean,
): () => Promise<Readiness> {
  let round: { readonly startedMs: number; readonly results: Promise<CheckResult[]> } | null = null;
  return async () => {
    const now = clock.now();
    if (round === null || Math.abs(now - round.startedMs) >= FRESH_MS) {
      round = { startedMs: now, results: Promise.all(checks.map((check) => runCheck(check, clock))) };
    }
    const results = await round.results;
    const healthy = results.every(({ required, status }) => !required || status === 'up');
    return { status: isDraining() ? 'draining' : healthy ? 'ready' : 'unavailable', checks: results };
  };
}

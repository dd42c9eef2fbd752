import { rates, runContest, type Contender, type Pace, type Run } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { bar, type Report } from '../harness/report.ts';
import type { BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { CodeQuestion } from './code-worker.ts';

const NAMES = { bare: 'bare Ed25519 verify', ours: 'admission code read and verified' } as const;

/** Bar P10: an admission code from its text to what it says, against the bare verification of a signature. */
export async function benchCode(_server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const worker = startWorker<CodeQuestion, Run>(new URL('./code-worker.ts', import.meta.url));
  try {
    const contender = (name: string, kind: CodeQuestion['kind']): Contender => ({
      name,
      processes: { node: meterOf(worker.pid) },
      run: (seconds) => worker.ask({ kind, seconds }),
    });
    const contenders = [contender(NAMES.bare, 'bare'), contender(NAMES.ours, 'code')];
    const results = await runContest(contenders, pace, say, async () => undefined);
    const ratio = ratioByRound(rates(results, NAMES.ours), rates(results, NAMES.bare));
    return {
      name: 'code',
      title: 'Verifying an admission code',
      about: [
        'Eight at once, as scans of a batch are, on the pool of threads. The bare side verifies a signature over as many bytes with a key that is parsed already; ours decodes, looks the key up, verifies and reads what the code says, each time another code.',
      ],
      results,
      bars: [bar('P10', 'codes verified, to bare verifications', 'at least', 0.8, ratio)],
      facts: {},
    };
  } finally {
    await worker.stop();
  }
}

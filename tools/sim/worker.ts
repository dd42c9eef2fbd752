/** Lives seeds that its parent sends, one at a time, on databases of the parent's server. */
import { planOf } from '../../test/simulation/plan.ts';
import type { Plan } from '../../test/simulation/steps.ts';
import { runPlan } from '../../test/simulation/run-seed.ts';
import { createDatabases } from '../../test/simulation/databases.ts';
import { openLane } from '../../test/simulation/world.ts';
import type { Answer, Question } from './crew.ts';
import type { PreparedWorld } from './prepare.ts';

const [adminUrl, prepared, name] = JSON.parse(process.argv[2] ?? '') as [string, PreparedWorld, string];
const databases = createDatabases(adminUrl);
const opening = openLane({ ...prepared, databases }, databases, name);

async function live(question: Question): Promise<Answer> {
  const plan: Plan = question.plan ?? planOf(question.seed);
  try {
    const run = await runPlan(await opening, plan, question.isAgain === true ? 'last step' : 'healed');
    return { ...run, reached: [...run.reached], faults: [...run.faults] };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      violations: [{ rule: 'the run', what }],
      lines: [],
      reached: [],
      faults: [],
      simulatedMs: 0,
      events: 0,
    };
  }
}

process.on('message', (question: Question) => {
  void live(question).then((answer) => process.send?.(answer));
});

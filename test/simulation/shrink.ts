import type { Plan, Step } from './steps.ts';

/**
 * The least part of a plan that still fails, by delta debugging (Zeller and Hildebrandt, 2002): ever smaller chunks are left out
 * while what is left fails all the same.
 * @param fails lives a plan; @param budget most lives
 */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>, budget: number): Promise<Plan> {
  let steps: readonly Step[] = plan.steps;
  let lives = 0;
  for (let chunk = Math.ceil(steps.length / 2); chunk >= 1;) {
    let isSmaller = false;
    for (let from = 0; from < steps.length && lives < budget;) {
      const rest = [...steps.slice(0, from), ...steps.slice(from + chunk)];
      lives += 1;
      if (await fails({ ...plan, steps: rest })) {
        steps = rest;
        isSmaller = true;
      } else from += chunk;
    }
    if (lives >= budget || (chunk === 1 && !isSmaller)) break;
    if (!isSmaller) chunk = Math.ceil(chunk / 2);
    else chunk = Math.min(chunk, Math.ceil(steps.length / 2));
    if (steps.length <= 1) break;
  }
  return { ...plan, steps };
}

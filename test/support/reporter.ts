import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestProject, TestSuite, Vitest } from 'vitest/node';

type Failure = {
  readonly title: string;
  readonly errors: readonly unknown[];
  readonly project: TestProject | undefined;
};

/**
 * Prints one line a test file, every failure with its stack, every skip with its reason, and as the last line
 * `N passed, N failed, N skipped`. A broken hook, a file that does not load, an unhandled rejection and a test that never
 * ended count as failed: nothing that went wrong leaves the number 0.
 */
export class SummaryReporter implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestModuleEnd(testModule: TestModule): void {
    const tests = [...testModule.children.allTests()];
    const mark = testModule.ok() ? 'ok  ' : 'FAIL';
    const seconds = (testModule.diagnostic().duration / 1000).toFixed(1);
    this.print(`${mark} ${testModule.relativeModuleId} (${tests.length} tests, ${seconds} s)`);
  }

  onUserConsoleLog(log: { readonly content: string }): void {
    this.print(log.content.trimEnd());
  }

  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly SerializedError[], reason: string): void {
    const tests = testModules.flatMap((testModule) => [...testModule.children.allTests()]);
    const failures = [
      ...testModules.flatMap((testModule) => [...failuresOf(testModule)]),
      ...unhandledErrors.map((error) => ({ title: 'outside of any test', errors: [error], project: undefined })),
    ];
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    if (reason === 'interrupted')
      failures.push({ title: 'interrupted before the end', errors: [], project: undefined });
    if (tests.length === 0) failures.push({ title: 'no test ran', errors: [], project: undefined });
    for (const failure of failures) this.printFailure(failure);
    for (const line of skipReasons(skipped)) this.print(line);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    this.print(`\n${passed} passed, ${failures.length} failed, ${skipped.length} skipped`);
    if (failures.length > 0) process.exitCode = 1;
  }

  private printFailure(failure: Failure): void {
    // Both to the error stream, or the titles and their stacks come out of order.
    this.vitest?.logger.error(`\nFAILED ${failure.title}`);
    for (const error of failure.errors) {
      this.vitest?.logger.printError(error, failure.project === undefined ? {} : { project: failure.project });
    }
  }

  private print(line: string): void {
    this.vitest?.logger.log(line);
  }
}

function* failuresOf(testModule: TestModule): Generator<Failure> {
  yield* ownErrors(testModule, testModule.relativeModuleId);
  for (const suite of testModule.children.allSuites()) yield* ownErrors(suite, fullTitle(suite));
  for (const test of testModule.children.allTests()) {
    const result = test.result();
    if (result.state === 'failed') yield { title: fullTitle(test), errors: result.errors, project: test.project };
    if (result.state === 'pending')
      yield { title: `${fullTitle(test)} never ended`, errors: [], project: test.project };
  }
}

function* ownErrors(suite: TestModule | TestSuite, title: string): Generator<Failure> {
  const errors = suite.errors();
  if (errors.length > 0) yield { title, errors, project: suite.project };
}

function fullTitle(task: TestCase | TestSuite): string {
  return `${task.module.relativeModuleId} > ${task.fullName}`;
}

/** One line a reason, with the number of tests it kept from running. */
function skipReasons(skipped: readonly TestCase[]): string[] {
  const counts = new Map<string, number>();
  for (const test of skipped) {
    const result = test.result();
    const note = result.state === 'skipped' ? result.note : undefined;
    const reason = note ?? `${fullTitle(test)}: no reason given`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count}: ${reason}`);
}

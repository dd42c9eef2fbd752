/** The life of a program that does one thing: it ends with the exit code that the work answers, or with 1 and the reason in words. */
export async function runOnce(work: () => Promise<number>): Promise<never> {
  try {
    process.exit(await work());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

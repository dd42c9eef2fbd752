/** What came of looking at one part. Poor: the product works without, but not as it should. */
export type CheckUp = {
  readonly part: string;
  readonly state: 'good' | 'poor' | 'bad';
  /** What was found, in plain words. */
  readonly text: string;
  /** What to do about it. */
  readonly mend?: string;
};

type Found = Omit<CheckUp, 'part'>;

/** Longer than this no part may take to answer. */
const LIMIT_MS = 10_000;

/** Looks at a part; a failure to look is what was found. */
export async function finished(
  part: string,
  look: () => Promise<Found>,
  failed: Pick<CheckUp, 'state' | 'mend'> = { state: 'bad' },
): Promise<CheckUp> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), LIMIT_MS);
  });
  try {
    return { part, ...(await Promise.race([look(), limit])) };
  } catch (error) {
    return { part, ...failed, text: causeOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The innermost reason, which says most. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${causeOf(error.cause)}`;
}

export const good = (text: string): Found => ({ state: 'good', text });
export const poor = (text: string, mend: string): Found => ({ state: 'poor', text, mend });
export const bad = (text: string, mend: string): Found => ({ state: 'bad', text, mend });

/** What kind of answers are kept together, and the events after which they may be others. */
export type CacheTopic = {
  readonly name: string;
  readonly eventTypes: readonly string[];
  /** Whether an answer is worth being told to other processes: asked by many, and good for more than a moment. */
  readonly isShared: boolean;
};

/**
 * Keeps answers to questions that are asked often until an event says that they may have changed. For showing only: what
 * decides anything reads for itself.
 */
export type ReadCache = {
  /**
   * The kept answer, or that of `load`, which runs once for all who ask at the same time.
   * @param parkId the park whose events matter; null when those of all parks do
   * @param key tells apart the questions of a topic about a park
   */
  through<Value>(topic: CacheTopic, parkId: string | null, key: string, load: () => Promise<Value>): Promise<Value>;
};

/** Thrown when the program itself is wrong: a bug, corrupt data, a broken invariant. Never for bad input. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message);
}

/** Closes an exhaustive switch: the compiler objects when a case is missing, the run throws when data lies. */
export function unreachable(value: never, what: string): never {
  throw new BrokenInvariant(`${what}: unexpected ${JSON.stringify(value)}`);
}

/** Thrown when the program itself is wrong: a bug, corrupt data, a broken invariant. Never for bad input. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message);
}

/** Closes an exhaustive switch: the compiler objects when a case is missing, the run throws when data lies. */
export function unreachable(value: never, what: string): never {
  throw new BrokenInvariant(`${what}: unexpected ${nameOf(value)}`);
}

/** What kind of thing it is, and nothing that it says: an event holds names and numbers of people, and this ends in a log. */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? `"${value}"` : String(value);
  const named = Object.entries(value).find(([name]) => ['type', 'kind', 'code', 'outcome'].includes(name));
  return named === undefined ? `an object with ${Object.keys(value).join(', ')}` : `${named[0]} "${String(named[1])}"`;
}

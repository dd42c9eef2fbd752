/** RFC 3339 in UTC with milliseconds, the only form of instants in the API. */
export const toInstant = (ms: number): string => new Date(ms).toISOString();

/** Milliseconds since 1970 of an RFC 3339 text; null for the leap second and whatever else is no moment of ours. */
export function fromInstant(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** Who edits says which version they saw, and names only what is to change. */
export type Edit<Details> = { readonly [Name in keyof Details]?: Details[Name] | undefined };

/** The details with the changes in them; null when nothing would change. */
export function edited<Details extends object>(current: Details, changes: Edit<Details>): Details | null {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const differs = given.some(([name, value]) => Reflect.get(current, name) !== value);
  return differs ? { ...current, ...Object.fromEntries(given) } : null;
}

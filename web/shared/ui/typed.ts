/** What was typed into a field of a form, without spaces around it; nothing for a field that is not there. */
export function typed(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

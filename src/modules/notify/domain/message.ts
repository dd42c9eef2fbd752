/** A message as a person reads it. Text messages carry the text alone. */
export type Message = { readonly subject: string; readonly text: string };

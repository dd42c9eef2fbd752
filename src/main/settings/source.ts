/** A setting as somebody wrote it. */
export type Written = {
  readonly text: string;
  /** What they called it. */
  readonly label: string;
};

/** What one source says, by the name of the variable, or of the one that names a file with the secret in it. */
export type Source = { readonly name: string; readonly written: ReadonlyMap<string, Written> };

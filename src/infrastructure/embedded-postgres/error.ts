/**
 * Why the embedded server could not be started: the platform has no binaries that run here; another process uses the
 * data directory; the data were written by another major version; initdb failed; the server did not come up; or the data
 * directory is damaged, gone or out of reach.
 */
export type EmbeddedPostgresFailure =
  'unsupported_platform' | 'already_running' | 'version_mismatch' | 'init_failed' | 'start_failed' | 'unusable_data';

/** Thrown when the embedded server cannot be started. The message is one a person can act on. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly failure: EmbeddedPostgresFailure;

  constructor(failure: EmbeddedPostgresFailure, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.failure = failure;
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

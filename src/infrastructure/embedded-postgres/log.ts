/** Where the launcher and the server's own messages go; a pino logger fits. */
export type EmbeddedPostgresLog = {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
};

// ERROR and FATAL end one statement or one session, whose client is told.
const TROUBLE = /^(?:WARNING|PANIC):|was terminated by signal/;

/** Forwards one line of the server: trouble of the server itself as a warning, everything else for debugging. */
export function forwardServerLine(line: string, log: EmbeddedPostgresLog): void {
  const message = `postgres: ${line}`;
  if (TROUBLE.test(line)) log.warn(message);
  else log.debug(message);
}

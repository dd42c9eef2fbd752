/** The part of a logger that the sandbox uses. */
export type SandboxLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

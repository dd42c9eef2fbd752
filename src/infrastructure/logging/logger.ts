import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { scrubLine, scrubText } from './scrub.ts';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export type LoggerConfig = {
  readonly level: LogLevel;
  /** Fixed fields of every line, such as the node id. */
  readonly fields?: Readonly<Record<string, string>>;
};

/**
 * Makes the logger of a process: JSON lines on standard output, or on `destination`. Everything that goes in is scrubbed
 * of secrets and personal data, also in messages, nested objects, errors and fields of child loggers.
 */
export function createLogger(config: LoggerConfig, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level: config.level,
    base: { pid: process.pid, ...config.fields },
    timestamp: pino.stdTimeFunctions.isoTime,
    // The scrubber turns errors into plain fields itself.
    serializers: { err: (value: unknown) => value },
    formatters: { level: (label) => ({ level: label }), log: scrubLine, bindings: scrubLine },
    hooks: {
      logMethod(args, method) {
        const [first, ...rest] = args;
        const clean = (value: unknown): unknown => (typeof value === 'string' ? scrubText(value) : value);
        Reflect.apply(method, this, [first instanceof Error ? { err: first, msg: first.message } : clean(first), ...rest.map(clean)]);
      },
    },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return scrubChildren(logger);
}

/** Child loggers keep their fields as text made at once, past the formatter; so fields are scrubbed on their way in. */
function scrubChildren(logger: Logger): Logger {
  const { child } = logger;
  return Object.assign(logger, {
    child(this: Logger, fields: Record<string, unknown>, options?: object): Logger {
      return Reflect.apply(child, this, [scrubLine(fields), options]);
    },
  });
}

import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { assert } from '../../kernel/assert.ts';
import { scrubLine, scrubText, scrubValue } from './scrub.ts';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Where lines go. */
export type LogDestination = DestinationStream & { flushSync?(): void };

export type LoggerConfig = {
  readonly level: LogLevel;
  /** Fixed fields of every line, such as the node id. */
  readonly fields?: Readonly<Record<string, string>>;
};

/** Message and its arguments without secrets. The first one, when it holds fields, is scrubbed by the formatter. */
function scrubArguments(args: readonly unknown[]): unknown[] {
  const [first, ...rest] = args;
  const clean: unknown[] = [
    first instanceof Error ? { err: first, msg: first.message } : typeof first === 'string' ? scrubText(first) : first,
  ];
  for (const value of rest) clean.push(scrubValue(value));
  return clean;
}

/** The time of a line in RFC 3339; everything down to the second is formatted once a second. */
function createTimestamp(): () => string {
  let second = -1;
  let prefix = '';
  return () => {
    const now = Date.now();
    const current = Math.floor(now / 1_000);
    if (current !== second) {
      second = current;
      prefix = `,"time":"${new Date(now).toISOString().slice(0, 20)}`;
    }
    return `${prefix}${String(now % 1_000).padStart(3, '0')}Z"`;
  };
}

const BUFFER_BYTES = 4_096;
const FLUSH_MS = 500;
const ERROR_LEVEL = 50;

/**
 * Standard output, written in pieces: a write for every line costs more than making the line. Lines wait at most half a
 * second; errors and the end of the process write out everything at once.
 */
function standardOutput(): LogDestination {
  const output = pino.destination({ fd: 1, sync: true, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS });
  process.once('exit', () => output.flushSync());
  return output;
}

/**
 * Makes the logger of a process: JSON lines on `destination`. Everything that goes in is scrubbed
 * of secrets and personal data, also in messages, nested objects, errors and fields of child loggers.
 */
export function createLogger(config: LoggerConfig, destination: LogDestination = standardOutput()): Logger {
  const options: pino.LoggerOptions = {
    level: config.level,
    base: { pid: process.pid, ...config.fields },
    timestamp: createTimestamp(),
    // The scrubber turns errors into plain fields itself.
    serializers: { err: (value: unknown) => value },
    formatters: { level: (label) => ({ level: label }), log: scrubLine, bindings: scrubLine },
    hooks: {
      logMethod(args, method, level) {
        Reflect.apply(method, this, scrubArguments(args));
        if (level >= ERROR_LEVEL) destination.flushSync?.();
      },
    },
  };
  return scrubChildren(pino(options, destination));
}

/** Child loggers keep their fields as text made at once, past the formatter; so fields are scrubbed on their way in. */
function scrubChildren(logger: Logger): Logger {
  const original: unknown = Reflect.get(logger, 'child');
  assert(typeof original === 'function', 'a logger makes children');
  const child = function child(this: Logger, fields: Record<string, unknown>, options?: object): unknown {
    return Reflect.apply(original, this, [scrubLine(fields), options]);
  };
  Reflect.set(logger, 'child', child);
  return logger;
}

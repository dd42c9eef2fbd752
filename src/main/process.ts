import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import { createLogger } from '../infrastructure/logging/logger.ts';
import { ConfigFault, loadConfig, type Config } from './config.ts';
import { settingsHelp } from './settings/reference.ts';

export type Running = {
  /** Ends everything in order; called once. */
  stop(): Promise<void>;
  /** Settles when something is gone that it cannot live without. */
  readonly lost?: Promise<Error>;
};

/** After this long an orderly end has failed. */
const STOP_LIMIT_MS = 30_000;
/** The same when something was lost: the sooner it ends, the sooner it is started again. */
const LOST_LIMIT_MS = 5000;

/**
 * V8 collects garbage when the heap is four times as large as what lived after the last time, where it thinks that there is
 * enough memory; while the log of a park comes in that is 250 MiB for 60 that live. So it collects at one and a half times.
 */
const HEAP_GROWTH = '--heap-growing-percent=50';

/**
 * The life of a process: reads the configuration, starts, waits for a signal, stops in order. A second signal, or an end
 * that takes too long, stops at once with exit code 1. What it cannot live without being lost ends it with exit code 1 too,
 * so that a supervisor starts it again.
 */
export async function runProcess(start: (config: Config, log: Logger) => Promise<Running>): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  const config = readConfig();
  const log = createLogger({ level: config.logLevel, fields: { node: config.nodeId } });
  // By itself Node writes such an error out with all that it holds: a database error quotes whole rows.
  const die = (error: unknown): never => {
    log.fatal({ err: error }, 'an error that nobody handled: this is a bug');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
  let running: Running;
  try {
    running = await start(config, log);
  } catch (error) {
    log.fatal({ err: error }, 'the start failed');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  endOnce(running, log);
}

function endOnce(running: Running, log: Logger): void {
  let stopping = false;
  const end = (exitCode: number, limitMs: number): void => {
    stopping = true;
    setTimeout(() => process.exit(1), limitMs).unref();
    running.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      log.info({ signal }, 'stopping');
      end(0, STOP_LIMIT_MS);
    });
  }
  void running.lost?.then((error) => {
    log.fatal({ err: error }, 'stopping: something was lost that this program cannot do without');
    if (!stopping) end(1, LOST_LIMIT_MS);
  });
}

function readConfig(): Config {
  const words = process.argv.slice(2);
  if (words.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(
      `Every setting may also be a variable or stand in a file: docs/configuration.md\n\n${settingsHelp()}`,
    );
    process.exit(0);
  }
  try {
    return loadConfig(process.env, words);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

import type { Logger } from 'pino';
import { createLogger } from '../infrastructure/logging/logger.ts';
import { ConfigFault, loadConfig, type Config } from './config.ts';

export type Running = {
  /** Ends everything in order; called once. */
  stop(): Promise<void>;
};

/** After this long an orderly end has failed. */
const STOP_LIMIT_MS = 30_000;

/**
 * The life of a process: reads the configuration, starts, waits for a signal, stops in order. A second signal, or an end
 * that takes too long, stops at once with exit code 1.
 */
export async function runProcess(start: (config: Config, log: Logger) => Promise<Running>): Promise<void> {
  const config = readConfig();
  const log = createLogger({ level: config.logLevel, fields: { node: config.nodeId } });
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'an unhandled rejection: this is a bug');
    process.exit(1);
  });
  let running: Running;
  try {
    running = await start(config, log);
  } catch (error) {
    log.fatal({ err: error }, 'the start failed');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
}

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

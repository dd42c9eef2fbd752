import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { elqrWebhookUrl } from './payment-providers.ts';
import { wantsSandbox, type RunningSandbox } from './product.ts';

const program = fileURLToPath(new URL(`sandbox${extname(import.meta.filename)}`, import.meta.url));

/**
 * The provider sandbox as a process of its own, as a provider is: it ends with this one, however that ends.
 * @returns null where no sandbox is wanted
 * @throws when it ends before it listens; its own words are in its log.
 */
export async function startSandboxProcess(config: Config, log: Logger): Promise<RunningSandbox | null> {
  if (!wantsSandbox(config)) return null;
  const settings = {
    port: config.sandboxPort,
    'elqr-webhook': elqrWebhookUrl(config),
    'data-dir': config.dataDir,
    'log-level': config.logLevel,
  };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = fork(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(typeof message === 'string' ? message : ''));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the provider sandbox ended with ${code} before it listened`)));
  });
  const died = (code: number | null, signal: NodeJS.Signals | null): void =>
    log.error({ code, signal }, 'the provider sandbox has ended: nobody can pay before the next start');
  child.once('exit', died);
  return {
    url,
    async stop() {
      child.off('exit', died);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      // One that is just ending by itself cannot be told: it ends all the same.
      child.send('stop', () => undefined);
      await ended;
    },
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DemoFailure } from '../answered.ts';
import { isReady } from '../own-product.ts';

const RUNNER = fileURLToPath(new URL('../../run.mjs', import.meta.url));
const START_LIMIT_MS = 90_000;

/** Variables of a node, as a person would set them. */
export type NodeSettings = Readonly<Record<string, string>>;

/** One node of the chain as a process of this machine. */
export type NodeProcess = {
  readonly url: string;
  /** Ends in order. */
  stop(): Promise<void>;
  /** Ends at once, as when the power fails. */
  kill(): Promise<void>;
};

function environmentOf(settings: NodeSettings): NodeJS.ProcessEnv {
  const { PATH, HOME, USER } = process.env;
  return { PATH, HOME, USER, ...settings };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/**
 * Starts a program of the product and waits until it is ready. It watches its parent, so that a killed demo leaves nothing.
 * @param program `start` for headquarters, `park-node` for a park
 */
export async function startNodeProcess(program: 'start' | 'park-node', settings: NodeSettings): Promise<NodeProcess> {
  const child = spawn(process.execPath, [RUNNER, program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...environmentOf(settings), npm_lifecycle_event: program },
  });
  const url = `http://127.0.0.1:${settings['PORT']}`;
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > giveUpAt) {
      await end(child, 'SIGKILL');
      throw new DemoFailure(`${program} did not start; see above`);
    }
    await sleep(100);
  }
  return { url, stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') };
}

/** What a command of the operator's tool says. @throws DemoFailure when it ends with another exit code than 0 */
export async function askCli(settings: NodeSettings, ...words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [RUNNER, 'cli', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf({ ...settings, LOG_LEVEL: 'silent' }),
  });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complained += chunk));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new DemoFailure(`cli ${words.join(' ')}: ${said}${complained}`.trim());
  return said;
}

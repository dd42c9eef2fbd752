import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import type { OrderTotals } from '../../src/infrastructure/provider-sandbox/order-book.ts';
import { endAtOnce, hasEnded } from '../support/product.ts';
import { projectRoot } from '../support/project-files.ts';
import { dataDirOf, type ChaosNode } from './node.ts';

export const SANDBOX_PORT = 8090;
const URL = `http://127.0.0.1:${SANDBOX_PORT}`;

/** The payment provider: the sandbox, which headquarters brings along and which can be killed beside it. */
export type Provider = {
  /** The headquarters whose provider it is. */
  standsBeside(hq: ChaosNode): void;
  /** @returns whether it ran */
  kill(): Promise<boolean>;
  /** Starts it again on its books, where it does not run. */
  start(): Promise<void>;
  /** Ends what was started here, for headquarters starts its own. */
  makeRoom(): Promise<void>;
  /** Its books, which nothing of ours can write. */
  orders(): Promise<readonly OrderTotals[]>;
};

/** The process of the sandbox that headquarters started. */
async function sandboxOf(pid: number): Promise<number | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  for (const child of children.trim().split(' ').filter(Boolean)) {
    const words = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (words.includes('sandbox.js')) return Number(child);
  }
  return null;
}

const exists = (pid: number): Promise<boolean> =>
  readdir(`/proc/${pid}`).then(
    () => true,
    () => false,
  );

/** @param caFile whom it believes when it tells headquarters, at `hqUrl`, what became of an order */
export function createProvider(caFile: string, hqUrl: string): Provider {
  let hq: ChaosNode | null = null;
  let own: ChildProcess | null = null;

  async function endOwn(): Promise<boolean> {
    const child = own;
    own = null;
    if (child === null || hasEnded(child)) return false;
    await endAtOnce(child);
    return true;
  }
  const ofHeadquarters = async (): Promise<number | null> => {
    const pid = hq?.child?.pid;
    return pid === undefined ? null : sandboxOf(pid);
  };
  return {
    standsBeside: (other) => {
      hq = other;
    },
    async kill() {
      if (await endOwn()) return true;
      const pid = await ofHeadquarters();
      if (pid === null || !(await exists(pid))) return false;
      return process.kill(pid, 'SIGKILL');
    },
    async start() {
      if (own !== null || (await ofHeadquarters()) !== null) return;
      const words = ['--port', String(SANDBOX_PORT), '--data-dir', dataDirOf(hq?.place.disk ?? '')];
      const webhook = ['--elqr-webhook', `${hqUrl}/api/v1/payments/webhooks/elqr`, '--log-level', 'warn'];
      const { PATH = '', HOME = '' } = process.env;
      own = spawn(process.execPath, ['dist/main/sandbox.js', ...words, ...webhook], {
        cwd: projectRoot,
        stdio: 'ignore',
        env: { PATH, HOME, SKYPARK_MODE: 'demo', NODE_EXTRA_CA_CERTS: caFile },
      });
    },
    async makeRoom() {
      await endOwn();
    },
    async orders() {
      const answer = await fetch(`${URL}/orders`, { signal: AbortSignal.timeout(5_000) });
      return ((await answer.json()) as { readonly orders: readonly OrderTotals[] }).orders;
    },
  };
}

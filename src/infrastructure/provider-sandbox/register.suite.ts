import Fastify from 'fastify';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../kernel/time.ts';
import type { FiscalRegister } from '../../modules/fiscal/contract.ts';
import { createVirtualRegister, type VirtualRegisterOptions } from '../fiscal-register/virtual-register.ts';
import { createFiscalBook } from './fiscal-book.ts';
import { fiscalRoutes, SANDBOX_FISCAL } from './fiscal-routes.ts';
import { openJournal } from './journal.ts';

export type TestRegister = {
  readonly origin: string;
  /** One more client of it. */
  connect(more?: Partial<VirtualRegisterOptions>): FiscalRegister;
  /** What goes wrong with the receipts to come, one each. */
  failNext(...faults: readonly string[]): Promise<void>;
  /** Documents of kinds `INCOME` and `INCOME_RETURN` in the order of their numbers, as they are on the disk. */
  issued(): Promise<readonly { readonly uuid: string; readonly operation: string; readonly totalSum: number }[]>;
  /** Shifts that were opened and closed. */
  shifts(): Promise<readonly string[]>;
  stop(): Promise<void>;
  close(): Promise<void>;
};

/** The cash register of the sandbox alone, on a free port. */
export async function startTestRegister(clock: Clock): Promise<TestRegister> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-register-'));
  const file = join(folder, 'fiscal.jsonl');
  const { journal, lines } = await openJournal(file);
  const server = Fastify({ forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fiscalRoutes(server, { book: createFiscalBook(journal, lines), clock });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const read = async () => {
    const text = await readFile(file, 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { type: string; body: never });
  };
  const { apiKey, tin } = SANDBOX_FISCAL;
  const access = { baseUrl: `${origin}/fiscal`, apiKey, tin, model: 'SkyPark', version: '1' };
  return {
    origin,
    connect: (more = {}) => createVirtualRegister({ ...access, http: fetch, timeoutMs: 5000, ...more }),
    async failNext(...next) {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${origin}/fiscal/faults`, { method: 'POST', headers, body: JSON.stringify({ next }) });
    },
    issued: async () => (await read()).filter(({ type }) => type === 'issued').map(({ body }) => body),
    shifts: async () => (await read()).filter(({ type }) => type !== 'issued').map(({ type }) => type),
    stop: () => server.close(),
    async close() {
      await server.close();
      await journal.close();
      await rm(folder, { recursive: true });
    },
  };
}

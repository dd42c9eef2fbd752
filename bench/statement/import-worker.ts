import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportStatement } from '../../src/modules/ledger/application/statements.ts';
import type { Run } from '../harness/contest.ts';
import { product } from '../harness/product.ts';
import { answerQuestions } from '../harness/worker.ts';

export type ImportQuestion =
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'import'; readonly path: string; readonly lines: number };
/** Most memory that the process ever had, in MiB. */
export type ImportAnswer = Run & { readonly peakMebibytes: number };

const reading = {
  reference: 'референс',
  amount: 'сумма',
  fee: 'комиссия',
  date: 'дата',
  kind: null,
  payoutWord: null,
  refundWord: null,
};

async function open(url: string): Promise<ImportStatement> {
  const { connectDatabase } = await product.database();
  const { openPostgresEventStore } = await product.eventStore();
  const { systemClock: clock } = await product.clock();
  const { systemIds: ids } = await product.ids();
  const { createVault } = await product.vault();
  const { createMemorySubjectKeys } = await product.subjectKeys();
  const { createEventCodec } = await product.codec();
  const { createCommandRunner } = await product.runner();
  const { createStatementTools } = await product.statements();
  const { createStatements } = await product.statementTables();
  const { ledgerEvents } = await product.ledgerEvents();
  const settings = { url, role: 'skypark_app', applicationName: 'skypark-bench', onError: console.error };
  const [writer, database] = [
    connectDatabase({ ...settings, poolSize: 1 }),
    connectDatabase({ ...settings, poolSize: 4 }),
  ];
  const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'bench', clock, sleep });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const runner = createCommandRunner({ store, codec: createEventCodec(ledgerEvents, vault), ids, clock });
  return createStatementTools({ statements: createStatements(database), runner, ids, clock }).importStatement;
}

let importStatement: ImportStatement | null = null;
const peakMebibytes = (): number => process.resourceUsage().maxRSS / 1024;

/** From the first byte that arrives to the answer, as the route does it. */
async function importFile(path: string, lines: number): Promise<ImportAnswer> {
  if (importStatement === null) throw new Error('the database was not opened');
  const { receiveUpload } = await product.upload();
  const startedMs = performance.now();
  const upload = await receiveUpload(createReadStream(path), dirname(path), 2 ** 30);
  if (upload === null) throw new Error('the file is too large');
  const head = { method: 'elqr', parkId: null, from: '2026-12-01', to: '2026-12-28', feeBasisPoints: 150 } as const;
  const done = await importStatement(head, upload, reading, { actor: 'system', correlationId: 'bench' });
  await upload.close();
  if (!done.ok || done.value.lines !== lines)
    throw new Error(`the import came to ${JSON.stringify(done, (_, one: unknown) => String(one))}`);
  return { operations: lines, seconds: (performance.now() - startedMs) / 1000, peakMebibytes: peakMebibytes() };
}

answerQuestions<ImportQuestion, ImportAnswer>(async (question) => {
  if (question.kind === 'import') return importFile(question.path, question.lines);
  importStatement = await open(question.url);
  return { operations: 0, seconds: 0, peakMebibytes: peakMebibytes() };
});

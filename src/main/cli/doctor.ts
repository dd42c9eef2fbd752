import { EmbeddedPostgresError } from '../../infrastructure/embedded-postgres/error.ts';
import type { Config } from '../config.ts';
import { finished, type CheckUp } from './check-up.ts';
import type { Command } from './command.ts';
import { databaseCheckUps } from './doctor-database.ts';
import { machineCheckUps } from './doctor-machine.ts';
import { serviceCheckUps } from './doctor-services.ts';
import type { Office } from './office.ts';

const MARKS = { good: 'ok  ', poor: 'WARN', bad: 'BAD ' } as const;

async function examine({ config, log, say, withServer }: Office): Promise<number> {
  const results = [
    await finished('configuration', async () => ({ state: 'good', text: `usable, ${config.mode} mode` })),
    ...(await machineCheckUps(config)),
    ...(await serviceCheckUps(config)),
  ];
  // The database last: the embedded one is started for it.
  try {
    results.push(...(await withServer((server) => databaseCheckUps(server, config))));
  } catch (error) {
    log.debug({ err: error }, 'the database was not opened');
    results.push(await unopened(error, config));
  }
  for (const { part, state, text, mend } of results) {
    say(
      `${MARKS[state]}  ${part.padEnd(14)} ${text}${state === 'good' || mend === undefined ? '' : `\n      mend: ${mend}`}`,
    );
  }
  const bad = results.filter(({ state }) => state === 'bad').map(({ part }) => part);
  const poor = results.filter(({ state }) => state === 'poor').map(({ part }) => part);
  if (poor.length > 0) say(`It works without, but not as it should: ${poor.join(', ')}`);
  say(bad.length === 0 ? 'Everything that is required is well.' : `Not well: ${bad.join(', ')}`);
  return bad.length === 0 ? 0 : 1;
}

/** The embedded database belongs to the program that started it, which is asked instead. */
async function unopened(error: unknown, config: Config): Promise<CheckUp> {
  const part = 'database';
  if (!(error instanceof EmbeddedPostgresError && error.failure === 'already_running')) {
    return { part, state: 'bad', text: wordsOf(error), mend: 'start it, or correct DATABASE_URL' };
  }
  if (await saysReady(config))
    return { part, state: 'good', text: 'the running product has it, and says that it is well' };
  const mend = 'wait until the product is ready, or stop it to have its database examined';
  return { part, state: 'poor', text: 'the running product has it', mend };
}

const ASK_LIMIT_MS = 3000;

async function saysReady({ host, port }: Config): Promise<boolean> {
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}/health/ready`;
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(ASK_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const doctorCommand: Command = {
  words: 'doctor',
  meaning: 'examines everything the product lives on and says what to mend; exit code 1 when something required is bad',
  run: (_call, office) => examine(office),
};

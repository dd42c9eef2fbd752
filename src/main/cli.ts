import { createLogger } from '../infrastructure/logging/logger.ts';
import { checkRules, renderFindings } from './cli/check.ts';
import { HELP, parseCommandLine, type CliCommand } from './cli/command-line.ts';
import { readJournal } from './cli/journal-facts.ts';
import { runDesk } from './cli/desk.ts';
import { changeKeys } from './cli/keys.ts';
import { rebuildProjections } from './cli/rebuild.ts';
import { loadConfig } from './config.ts';
import { openServer } from './database-of.ts';
import { splitArguments } from './settings/flags.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** @returns the exit code */
async function run(
  command: Exclude<CliCommand, { readonly kind: 'help' }>,
  settingFlags: readonly string[],
): Promise<number> {
  // What the commands print is for people; only trouble joins it.
  const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env }, settingFlags);
  const level = config.logLevel;
  if (command.kind === 'rotate-key' || command.kind === 'retire-key') return changeKeys(command, config, say);
  const facts = command.kind === 'check' && command.journal !== null ? await readJournal(command.journal) : null;
  const server = await openServer(config, createLogger({ level, fields: { node: config.nodeId } }));
  try {
    if (command.kind === 'rebuild') {
      const found = await rebuildProjections(server.url, { name: command.projection, ssl: config.databaseSsl, say });
      return found ? 0 : 1;
    }
    if (command.kind !== 'check') return await runDesk(server.url, command, { ssl: config.databaseSsl, say });
    say(`Checking ${server.description}`);
    const findings = await checkRules(server.url, { facts, ssl: config.databaseSsl });
    const { text, holds } = renderFindings(findings, command.drained);
    say(text);
    return holds ? 0 : 1;
  } finally {
    await server.stop();
  }
}

async function main(): Promise<number> {
  const { flags, rest } = splitArguments(process.argv.slice(2));
  const command = parseCommandLine(rest);
  if (!command.ok) {
    process.stderr.write(`${command.refusal.message}\n\n${HELP}`);
    return 2;
  }
  if (command.value.kind === 'help') {
    say(HELP);
    return 0;
  }
  return run(command.value, flags);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

import { createLogger } from '../infrastructure/logging/logger.ts';
import { parseCommandLine } from './cli/command.ts';
import { commands } from './cli/commands.ts';
import { createOffice } from './cli/office.ts';
import { loadConfig } from './config.ts';
import { runOnce } from './run-once.ts';
import { splitArguments } from './settings/flags.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const HELP = `Usage: npm run cli -- <command> [settings]

Exit code 1: something is wrong, or is not there; 2: the command makes no sense. Settings are those of every program, such as
--database-url; without a database of yours the embedded one of --data-dir is used, while the product is stopped.
`;

/** @returns the exit code */
async function main(): Promise<number> {
  const { flags, rest } = splitArguments(process.argv.slice(2));
  const parsed = parseCommandLine(commands, rest);
  if (!parsed.ok) {
    process.stderr.write(`${parsed.refusal.message}\n\nnpm run cli -- --help shows all there is.\n`);
    return 2;
  }
  if (parsed.value.kind === 'help') {
    say(`${HELP}\n${parsed.value.text}`);
    return 0;
  }
  // What the commands print is for people; only trouble joins it.
  const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env }, flags);
  const log = createLogger({ level: config.logLevel, fields: { node: config.nodeId } });
  const { command, call } = parsed.value;
  return command.run(call, createOffice(config, log, say));
}

await runOnce(main);

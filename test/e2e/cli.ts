import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import { parseCommandLine } from '../../src/main/cli/command.ts';
import { commands } from '../../src/main/cli/commands.ts';
import { createOffice } from '../../src/main/cli/office.ts';
import { configOf, type Settings } from '../support/product.ts';

const log = createLogger({ level: 'silent' });

export type Said = { readonly code: number; readonly text: string };

/** Runs a command as the program does, in this process. */
export async function cli(settings: Settings, ...line: readonly string[]): Promise<Said> {
  const parsed = parseCommandLine(commands, line);
  if (!parsed.ok || parsed.value.kind === 'help') throw new Error(`no command: ${line.join(' ')}`);
  const { command, call } = parsed.value;
  const lines: string[] = [];
  const code = await command.run(
    call,
    createOffice(configOf(settings), log, (said) => void lines.push(said)),
  );
  return { code, text: lines.join('\n') };
}

import { auditCommands } from './audit.ts';
import { checkRules, renderFindings } from './check.ts';
import type { Command } from './command.ts';
import { deadLetterCommands } from './dead-letters.ts';
import { deskCommands } from './desk-commands.ts';
import { doctorCommand } from './doctor.ts';
import { readJournal } from './journal-facts.ts';
import { keyCommands } from './keys.ts';
import { logCommands } from './log-commands.ts';
import { needCurrentSchema } from './office.ts';
import { nodeCommands } from './node-commands.ts';
import { nodeKeyCommands } from './node-keys.ts';
import { parkedCommands } from './parked.ts';
import { refundsCommand } from './refunds.ts';
import { setBackCommand } from './set-back.ts';
import { tlsCommands } from './tls.ts';
import { scopesCommand } from './scopes.ts';

const checkCommand: Command = {
  words: 'check',
  options: { journal: 'FILE', drained: null },
  meaning:
    'looks whether the rules hold, in figures; with a journal also that every fact of a demo is there; drained: nothing may be in progress',
  async run({ options: { journal, drained } }, { config, say, withServer }) {
    const facts = journal === undefined ? null : await readJournal(journal);
    return withServer(async ({ url, description }) => {
      await needCurrentSchema(url, config);
      say(`Checking ${description}`);
      const findings = await checkRules(url, { facts, ssl: config.databaseSsl });
      const { text, holds } = renderFindings(findings, drained !== undefined);
      say(text);
      return holds ? 0 : 1;
    });
  },
};

/** Everything that `npm run cli` can do. */
export const commands: readonly Command[] = [
  doctorCommand,
  checkCommand,
  ...auditCommands,
  ...logCommands,
  scopesCommand,
  ...parkedCommands,
  ...deadLetterCommands,
  refundsCommand,
  ...deskCommands,
  ...keyCommands,
  ...tlsCommands,
  ...nodeCommands,
  ...nodeKeyCommands,
  setBackCommand,
];

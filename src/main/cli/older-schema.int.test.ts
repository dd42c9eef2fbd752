import { expect, test } from 'vitest';
import { tamper } from '../../../test/e2e/tampering.ts';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import { createLogger } from '../../infrastructure/logging/logger.ts';
import { loadConfig } from '../config.ts';
import { parseCommandLine } from './command.ts';
import { commands } from './commands.ts';
import { createOffice } from './office.ts';

describeWithDatabase('on a database with an older schema', () => {
  test.each([['check'], ['projections rebuild'], ['parks list']])(
    '%s says that it is older, and nothing of what would be broken',
    async (line) => {
      const { url, drop } = await createTestDatabase();
      try {
        await tamper(url, `delete from public.schema_migration where source = 'payment' and number > 1`);
        const parsed = parseCommandLine(commands, line.split(' '));
        if (!parsed.ok || parsed.value.kind === 'help') throw new Error(`no command: ${line}`);
        const { command, call } = parsed.value;
        const said: string[] = [];
        const office = createOffice(
          loadConfig({ DATABASE_URL: url }),
          createLogger({ level: 'silent' }),
          (text) => void said.push(text),
        );
        await expect(command.run(call, office)).rejects.toThrow('older schema than this program: npm run migrate');
        expect(said).toEqual([]);
      } finally {
        await drop();
      }
    },
  );
});

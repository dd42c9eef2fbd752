import { scopeHashes } from '../../infrastructure/event-store/scope-hashes.ts';
import { projections } from '../migration-sources.ts';
import type { Command } from './command.ts';

/** What this node holds in common with others: equal lines on two nodes mean that they agree. */
export const scopesCommand: Command = {
  words: 'scopes',
  options: { tables: null, park: 'ID' },
  meaning:
    'a hash of what nodes hold in common, for the chain and for each park: equal on two nodes that have read the same events; tables: of each table too',
  run: ({ options: { tables, park } }, { say, withDatabase }) =>
    withDatabase(async (database) => {
      const scopes = await scopeHashes(database, projections);
      for (const { scope, rows, hash, tables: parts } of scopes) {
        if (park !== undefined && scope !== null && scope !== park) continue;
        say(`${scope ?? '(chain)'}  ${rows} rows  ${hash}`);
        if (tables === undefined) continue;
        for (const part of parts) say(`  ${part.table}  ${part.rows} rows  ${part.hash}`);
      }
      if (scopes.length === 0) say('This node holds nothing yet that others hold too.');
      return 0;
    }),
};

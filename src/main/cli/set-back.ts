import { beginLife } from '../wiring/new-life.ts';
import type { Command } from './command.ts';

/** For what no marker and no proof of a park can tell: a person knows that a backup was put back. */
export const setBackCommand: Command = {
  words: 'nodes set-back',
  options: { life: 'LIFE' },
  meaning:
    'at headquarters: says that it was put back from a backup though nothing proves it, so that it asks its parks before it sells for them; life: the one that a park says it read and that is not here',
  run: ({ options: { life } }, { say, withApp }) =>
    withApp(async ({ config, replication, modules: { nodes } }) => {
      if (config.node.role === 'park') {
        say('Only headquarters asks its parks: a park’s node finds out by itself.');
        return 1;
      }
      if (life !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(life)) {
        say('A life is a UUID, as `nodes list` shows it.');
        return 2;
      }
      const { incarnation } = await replication.head();
      await beginLife({ nodeId: config.nodeId, replication, nodes }, life ?? incarnation);
      say('Headquarters begins a new life of its log, and sells nothing of days at parks with a node of their own.');
      say('When all of them were heard: npm run cli -- nodes restored');
      return 0;
    }),
};

import { runProcess } from './process.ts';
import { startParkNode } from './start-park-node.ts';
import { welcomeOfPark } from './welcome.ts';

process.env['SKYPARK_ROLE'] ??= 'park';

// The whole node of a park in one process. There is nothing to play with in it: its staff and its tickets come from headquarters.
await runProcess(async (config, log) => {
  const { node } = config;
  if (node.role !== 'park') throw new Error('SKYPARK_ROLE is not park: headquarters is started by npm start');
  const running = await startParkNode(config, log);
  process.stdout.write(welcomeOfPark({ config, node, ...running }));
  return running;
});

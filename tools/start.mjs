/** `npm start`: the whole product in one process tree, built first when dist does not match src. */
import { runTool } from './build.mjs';
import { run } from './run.mjs';

await runTool(() => run('start', process.argv.slice(2)));

/** Prepares the world that crews live on, tells its parent of it, and ends. */
import { createDatabases } from '../../test/simulation/databases.ts';
import { prepareWorld, type Prepared } from '../../test/simulation/world.ts';

const [adminUrl = '', folder = ''] = process.argv.slice(2);
const { databases: _databases, ...prepared } = await prepareWorld(createDatabases(adminUrl), folder, 'sim');
process.send?.(prepared satisfies PreparedWorld, () => process.disconnect());

/** What is known of it besides its databases. */
export type PreparedWorld = Omit<Prepared, 'databases'>;

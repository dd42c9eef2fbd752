import { openConnection } from '../../src/infrastructure/postgres/database.ts';
import { renderSchema } from './render-schema.ts';

class RolledBack extends Error {}

/** The schema of the database at `url` as text (see `renderSchema`). Changes nothing. */
export async function readSchema(url: string): Promise<string> {
  const connection = await openConnection({ url, applicationName: 'skypark-schema' });
  let schema = '';
  try {
    await connection.transaction(async (session) => {
      schema = await renderSchema(session);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  } finally {
    await connection.close();
  }
  return schema;
}

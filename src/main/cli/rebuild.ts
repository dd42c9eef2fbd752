import { rebuildProjection } from '../../infrastructure/event-store/projections.ts';
import { connectDatabase } from '../../infrastructure/postgres/database.ts';
import type { SslMode } from '../../infrastructure/postgres/connection-settings.ts';
import { projections } from '../migration-sources.ts';

type Setting = {
  /** Null: all of them. */
  readonly name: string | null;
  readonly ssl?: SslMode | undefined;
  readonly say: (line: string) => void;
};

/** Rebuilds read models from the log, one after another. @returns false when there is none of that name */
export async function rebuildProjections(url: string, { name, ssl, say }: Setting): Promise<boolean> {
  const chosen = projections.filter((projection) => name === null || projection.name === name);
  if (chosen.length === 0) {
    say(`There is no read model "${name}"; there are: ${projections.map((projection) => projection.name).join(', ')}`);
    return false;
  }
  const database = connectDatabase({
    url,
    ssl,
    poolSize: 1,
    applicationName: 'skypark-rebuild',
    onError: () => undefined,
  });
  try {
    for (const projection of chosen) {
      const position = await rebuildProjection(database, projection, {
        onProgress: (at, head) => say(`${projection.name}: ${at} of ${head}`),
      });
      say(`${projection.name}: rebuilt up to position ${position}`);
    }
    return true;
  } finally {
    await database.close();
  }
}

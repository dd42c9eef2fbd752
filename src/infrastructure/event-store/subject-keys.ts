import { createBatcher } from '../postgres/batcher.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import type { SubjectKeyTable } from './vault.ts';

const FIND = statement(
  'store.find-subject-keys',
  'select k.wrapped from unnest($1::uuid[]) with ordinality s(id, ord) left join store.subject_key k on k.subject_id = s.id order by s.ord',
);

const KEEP = statement(
  'store.keep-subject-keys',
  `with given as (select * from unnest($1::uuid[], $2::bytea[]) with ordinality g(id, wrapped, ord)),
   kept as (
     insert into store.subject_key (subject_id, wrapped) select distinct on (id) id, wrapped from given order by id, ord
     on conflict (subject_id) do update set subject_id = excluded.subject_id
     returning subject_id, wrapped
   )
   select kept.wrapped from given left join kept on kept.subject_id = given.id order by given.ord`,
);

const DESTROY = statement(
  'store.destroy-subject-key',
  `insert into store.subject_key (subject_id, wrapped, destroyed_at) values ($1, null, now())
   on conflict (subject_id) do update set wrapped = null, destroyed_at = now() where subject_key.destroyed_at is null`,
);

const ERASED = statement(
  'store.erased-subjects',
  'select subject_id as id from store.subject_key where destroyed_at is not null order by 1',
);

/** Whose keys were destroyed; what a restore has to destroy again. */
export const erasedSubjects = async (database: Database): Promise<readonly string[]> =>
  (await database.rows<{ id: string }>(ERASED, [])).map(({ id }) => id);

type Row = { readonly wrapped: Buffer | null };

/** Subject keys in PostgreSQL; look-ups made at the same time share one statement. */
export function createSubjectKeyTable(database: Database): SubjectKeyTable {
  const bounds = { maxItems: 256, maxQueued: 10_000 };
  const find = createBatcher<string, Buffer | null>({
    ...bounds,
    run: async (ids) => (await database.rows<Row>(FIND, [ids])).map(({ wrapped }) => wrapped),
  });
  const keep = createBatcher<readonly [string, Buffer], Buffer | null>({
    ...bounds,
    async run(items) {
      const rows = await database.rows<Row>(KEEP, [items.map(([id]) => id), items.map(([, wrapped]) => wrapped)]);
      return rows.map(({ wrapped }) => wrapped);
    },
  });
  return {
    find: (subjectId) => find.submit(subjectId),
    keep: (subjectId, wrapped) => keep.submit([subjectId, wrapped]),
    async destroy(subjectId) {
      await database.rows(DESTROY, [subjectId]);
    },
  };
}

/** The same in memory, for simulation and tests. */
export function createMemorySubjectKeys(): SubjectKeyTable {
  const keys = new Map<string, Buffer | null>();
  return {
    find: async (subjectId) => keys.get(subjectId) ?? null,
    async keep(subjectId, wrapped) {
      if (!keys.has(subjectId)) keys.set(subjectId, wrapped);
      return keys.get(subjectId) ?? null;
    },
    async destroy(subjectId) {
      keys.set(subjectId, null);
    },
  };
}

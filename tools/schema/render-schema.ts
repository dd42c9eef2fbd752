import { assert } from '../../src/kernel/assert.ts';
import type { Session } from '../../src/infrastructure/postgres/session.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import * as catalog from './catalog-queries.ts';
import type { ColumnRow, GrantRow, PartRow, RelationRow } from './catalog-queries.ts';

/** One object with everything that hangs on it, as it stands in the file. */
type Block = {
  readonly schema: string;
  readonly rank: number;
  readonly name: string;
  readonly lines: readonly string[];
};

/** Order of the kinds within a schema. */
const RANK = { schema: 0, type: 1, sequence: 2, table: 3, view: 4, function: 5 } as const;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => byText(a.name, b.name);

const commentOn = (what: string, comment: string | null): readonly string[] =>
  comment === null ? [] : [`COMMENT ON ${what} IS '${comment.replaceAll("'", "''")}';`];

function columnText(column: ColumnRow): string {
  const { name, type, collation, notNull, identity, generated, expression } = column;
  const words = [name, type];
  if (collation !== null) words.push(`COLLATE ${collation}`);
  if (identity !== '') words.push(`GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`);
  if (generated !== '') words.push(`GENERATED ALWAYS AS (${expression}) ${generated === 's' ? 'STORED' : 'VIRTUAL'}`);
  else if (expression !== null) words.push(`DEFAULT ${expression}`);
  if (notNull) words.push('NOT NULL');
  return words.join(' ');
}

/** What the catalog says about relations, each list by the relation's oid. */
type Parts = {
  readonly columns: ReadonlyMap<number, readonly ColumnRow[]>;
  readonly constraints: ReadonlyMap<number, readonly PartRow[]>;
  readonly indexes: ReadonlyMap<number, readonly PartRow[]>;
  readonly triggers: ReadonlyMap<number, readonly PartRow[]>;
  readonly views: ReadonlyMap<number, string>;
  readonly sequences: ReadonlyMap<number, string>;
};

const byRelation = <Row extends { readonly relation: number }>(rows: readonly Row[]): Map<number, Row[]> => {
  const grouped = new Map<number, Row[]>();
  for (const row of rows) grouped.set(row.relation, [...(grouped.get(row.relation) ?? []), row]);
  return grouped;
};

const optionsText = (relation: RelationRow): string =>
  relation.options === null ? '' : ` WITH (${relation.options.toSorted(byText).join(', ')})`;

function tableLines(relation: RelationRow, parts: Parts): readonly string[] {
  const full = `${relation.schema}.${relation.name}`;
  const columns = parts.columns.get(relation.oid) ?? [];
  const constraints = (parts.constraints.get(relation.oid) ?? []).toSorted(byName);
  const body = [
    ...columns.map((column) => `  ${columnText(column)}`),
    ...constraints.map(({ name, definition }) => `  CONSTRAINT ${name} ${definition}`),
  ];
  const { partitionBound, partitionKey, parents, unlogged } = relation;
  const tail = [
    ...(partitionBound === null && parents.length > 0 ? [`INHERITS (${parents.join(', ')})`] : []),
    ...(partitionBound === null ? [] : [`PARTITION OF ${parents.join()} ${partitionBound}`]),
    ...(partitionKey === null ? [] : [`PARTITION BY ${partitionKey}`]),
  ].map((words) => ` ${words}`);
  return [
    `CREATE ${unlogged ? 'UNLOGGED ' : ''}TABLE ${full} (`,
    body.join(',\n'),
    `)${tail.join('')}${optionsText(relation)};`,
    ...commentOn(`TABLE ${full}`, relation.comment),
    ...columns.flatMap(({ name, comment }) => commentOn(`COLUMN ${full}.${name}`, comment)),
    ...constraints.flatMap(({ name, comment }) => commentOn(`CONSTRAINT ${name} ON ${full}`, comment)),
  ].filter((line) => line !== '');
}

function relationLines(relation: RelationRow, parts: Parts): readonly string[] {
  const full = `${relation.schema}.${relation.name}`;
  if (relation.kind === 'S') {
    return [
      `CREATE SEQUENCE ${full} ${parts.sequences.get(relation.oid)};`,
      ...commentOn(`SEQUENCE ${full}`, relation.comment),
    ];
  }
  if (relation.kind === 'r' || relation.kind === 'p') return tableLines(relation, parts);
  const kind = relation.kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW';
  const columns = parts.columns.get(relation.oid) ?? [];
  return [
    `CREATE ${kind} ${full}${optionsText(relation)} AS`,
    `${parts.views.get(relation.oid)}`,
    ...commentOn(`${kind} ${full}`, relation.comment),
    ...columns.flatMap(({ name, comment }) => commentOn(`COLUMN ${full}.${name}`, comment)),
  ];
}

function relationBlock(relation: RelationRow, parts: Parts): Block {
  const indexes = (parts.indexes.get(relation.oid) ?? []).toSorted(byName);
  const triggers = (parts.triggers.get(relation.oid) ?? []).toSorted(byName);
  const full = `${relation.schema}.${relation.name}`;
  const lines = [
    ...relationLines(relation, parts),
    ...indexes.flatMap(({ name, definition, comment }) => [definition, ...commentOn(`INDEX ${name}`, comment)]),
    ...triggers.flatMap(({ name, definition, comment }) => [
      definition,
      ...commentOn(`TRIGGER ${name} ON ${full}`, comment),
    ]),
  ];
  const rank = relation.kind === 'S' ? RANK.sequence : 'vm'.includes(relation.kind) ? RANK.view : RANK.table;
  return { schema: relation.schema, rank, name: full, lines };
}

// The name is a parameter, for a constant would be looked up once and each view's function has an oid of its own.
const BODY = statement('schema.view_body', 'select pg_get_function_sqlbody(to_regproc($1)) as body');

/**
 * A view's query in words that do not depend on the version: up to PostgreSQL 15 the server writes `SELECT t.a`, later
 * `SELECT a`. As the body of a function every version writes it alike, so it is put into one for a moment.
 */
async function viewText(session: Session, definition: string): Promise<string> {
  await session.run(
    `create function pg_temp.skypark_view() returns setof record language sql begin atomic ${definition.trimEnd()} end`,
  );
  const [row] = await session.rows<{ body: string | null }>(BODY, ['pg_temp.skypark_view']);
  await session.run('drop function pg_temp.skypark_view()');
  const match = /^BEGIN ATOMIC\s+([^]*?)\s*END$/.exec(row?.body ?? '');
  assert(match?.[1] !== undefined, `cannot read the view ${definition}`);
  return match[1];
}

async function readParts(session: Session, oids: readonly number[]): Promise<Parts> {
  const views = new Map<number, string>();
  for (const { relation, definition } of await session.rows<PartRow>(catalog.VIEW_DEFINITIONS, [oids])) {
    views.set(relation, await viewText(session, definition));
  }
  const sequences = await session.rows<catalog.SequenceRow>(catalog.SEQUENCES, [oids]);
  return {
    columns: byRelation(await session.rows<ColumnRow>(catalog.COLUMNS, [oids])),
    constraints: byRelation(await session.rows<PartRow>(catalog.CONSTRAINTS, [oids])),
    indexes: byRelation(await session.rows<PartRow>(catalog.INDEXES, [oids])),
    triggers: byRelation(await session.rows<PartRow>(catalog.TRIGGERS, [oids])),
    views,
    sequences: new Map(sequences.map(({ relation, definition }) => [relation, definition])),
  };
}

/** The grants of one object and grantee as one line, columns apart. */
function grantLines(grants: readonly GrantRow[]): readonly string[] {
  const lines = new Map<string, { readonly head: (privileges: string) => string; readonly privileges: string[] }>();
  for (const { kind, object, column, grantee, privilege, grantable } of grants) {
    const on = column === null ? '' : ` (${column})`;
    const option = grantable ? ' WITH GRANT OPTION' : '';
    const head =
      privilege === 'NOTHING'
        ? () => `REVOKE ALL ON ${kind} ${object} FROM PUBLIC;`
        : (privileges: string) => `GRANT ${privileges} ON ${kind} ${object} TO ${grantee}${option};`;
    const key = head(on);
    const line = lines.get(key) ?? { head, privileges: [] };
    line.privileges.push(`${privilege}${on}`);
    lines.set(key, line);
  }
  return [...lines.values()]
    .map(({ head, privileges }) => head(privileges.toSorted(byText).join(', ')))
    .toSorted(byText);
}

async function otherBlocks(session: Session): Promise<readonly Block[]> {
  const schemas = await session.rows<catalog.SchemaRow>(catalog.SCHEMAS);
  const types = await session.rows<catalog.TypeRow>(catalog.TYPES);
  const functions = await session.rows<catalog.FunctionRow>(catalog.FUNCTIONS);
  return [
    ...schemas.map(({ schema, comment }) => ({
      schema,
      rank: RANK.schema,
      name: schema,
      // PUBLIC is there in every database, and its comment is the server's.
      lines: schema === 'public' ? [] : [`CREATE SCHEMA ${schema};`, ...commentOn(`SCHEMA ${schema}`, comment)],
    })),
    ...types.map(({ schema, name, kind, definition, comment }) => ({
      schema,
      rank: RANK.type,
      name,
      lines: [`CREATE ${kind} ${name} ${definition};`, ...commentOn(`${kind} ${name}`, comment)],
    })),
    ...functions.map(({ schema, name, kind, definition, comment }) => ({
      schema,
      rank: RANK.function,
      name,
      lines: [`${definition.trimEnd()};`, ...commentOn(`${kind} ${name}`, comment)],
    })),
  ];
}

const HEADER =
  '-- The schema after all migrations, read from the catalog. Written by tools/schema.ts; edit migrations instead.';

/**
 * The schema of a database as text: the same text for the same schema on every supported version, objects by kind and
 * name. It leaves out owners, contents and what belongs to extensions; rights are those of everybody but the owner.
 *
 * @param session inside a transaction that is rolled back: helper functions are made on the way.
 * @throws BrokenInvariant when the database has a kind of object that it cannot write.
 */
export async function renderSchema(session: Session): Promise<string> {
  await session.run(`set local search_path = ''`);
  const unknown = await session.rows<{ name: string }>(catalog.UNKNOWN);
  assert(unknown.length === 0, `tools/schema cannot write: ${unknown.map(({ name }) => name).join(', ')}`);
  const relations = await session.rows<RelationRow>(catalog.RELATIONS);
  const parts = await readParts(
    session,
    relations.map(({ oid }) => oid),
  );
  const blocks = [...(await otherBlocks(session)), ...relations.map((relation) => relationBlock(relation, parts))]
    .filter(({ lines }) => lines.length > 0)
    .toSorted((a, b) => byText(a.schema, b.schema) || a.rank - b.rank || byText(a.name, b.name));
  const grants = grantLines(await session.rows<GrantRow>(catalog.GRANTS));
  const text = [HEADER, ...blocks.map(({ lines }) => lines.join('\n')), grants.join('\n')].join('\n\n');
  return `${text.replaceAll(/[ \t]+$/gm, '').trimEnd()}\n`;
}

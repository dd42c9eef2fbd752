import { statement } from '../../src/infrastructure/postgres/session.ts';

/*
 * What the catalog says, one query a kind of object. Every query runs with an empty search path, so that the server
 * writes all names in full, and answers names ready to be written, quoted where they must be.
 */

/** Schemas of ours, and whether an object belongs to an extension. */
const OURS = `nspname !~ '^pg_' and nspname <> 'information_schema'`;
const notOfExtension = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;

export type SchemaRow = { schema: string; comment: string | null };

export const SCHEMAS = statement(
  'schema.schemas',
  `select quote_ident(nspname) as schema, obj_description(oid, 'pg_namespace') as comment
   from pg_namespace where ${OURS} and ${notOfExtension('pg_namespace', 'pg_namespace.oid')}`,
);

export type RelationRow = {
  oid: number;
  schema: string;
  name: string;
  /** r table, p partitioned table, v view, m materialized view, S sequence. */
  kind: string;
  unlogged: boolean;
  options: readonly string[] | null;
  partitionKey: string | null;
  partitionBound: string | null;
  parents: readonly string[];
  comment: string | null;
};

export const RELATIONS = statement(
  'schema.relations',
  `select c.oid, quote_ident(nspname) as schema, quote_ident(relname) as name, relkind as kind,
     relpersistence = 'u' as unlogged, reloptions as options,
     case when relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
     pg_get_expr(relpartbound, c.oid) as "partitionBound",
     array(select inhparent::regclass::text from pg_inherits where inhrelid = c.oid order by inhseqno) as parents,
     obj_description(c.oid, 'pg_class') as comment
   from pg_class c join pg_namespace n on n.oid = relnamespace
   where ${OURS} and relkind in ('r', 'p', 'v', 'm', 'S') and ${notOfExtension('pg_class', 'c.oid')}
     and not exists (select from pg_depend d where relkind = 'S' and d.objid = c.oid and d.deptype = 'i')`,
);

export type ColumnRow = {
  relation: number;
  name: string;
  type: string;
  collation: string | null;
  notNull: boolean;
  /** '' none, a always, d by default. */
  identity: string;
  /** '' none, s stored, v virtual. */
  generated: string;
  expression: string | null;
  comment: string | null;
};

export const COLUMNS = statement(
  'schema.columns',
  `select attrelid as relation, quote_ident(attname) as name, format_type(atttypid, atttypmod) as type,
     case when attcollation <> typcollation then attcollation::regcollation::text end as collation,
     attnotnull as "notNull", attidentity as identity, attgenerated as generated,
     pg_get_expr(adbin, adrelid) as expression, col_description(attrelid, attnum) as comment
   from pg_attribute a
   join pg_type t on t.oid = atttypid
   left join pg_attrdef on adrelid = attrelid and adnum = attnum
   where attnum > 0 and not attisdropped and attrelid = any ($1::oid[])
   order by attrelid, attnum`,
);

/** `definition` of an index or trigger is a whole statement, of a constraint what follows its name. */
export type PartRow = { relation: number; name: string; definition: string; comment: string | null };

/** Since PostgreSQL 18 a NOT NULL is a constraint (n) as well; it is written at its column on all versions. */
export const CONSTRAINTS = statement(
  'schema.constraints',
  `select conrelid as relation, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition,
     obj_description(oid, 'pg_constraint') as comment
   from pg_constraint
   where conrelid = any ($1::oid[]) and contype not in ('n', 't') and (conislocal or coninhcount = 0)`,
);

export const INDEXES = statement(
  'schema.indexes',
  `select indrelid as relation, indexrelid::regclass::text as name,
     pg_get_indexdef(indexrelid) || case when indisvalid then ';' else '; -- invalid' end as definition,
     obj_description(indexrelid, 'pg_class') as comment
   from pg_index
   where indrelid = any ($1::oid[])
     and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))`,
);

export const TRIGGERS = statement(
  'schema.triggers',
  `select tgrelid as relation, quote_ident(tgname) as name,
     pg_get_triggerdef(oid) || case tgenabled when 'O' then ';' when 'D' then '; -- disabled' else '; -- enabled: ' || tgenabled::text end as definition,
     obj_description(oid, 'pg_trigger') as comment
   from pg_trigger where tgrelid = any ($1::oid[]) and not tgisinternal`,
);

export const VIEW_DEFINITIONS = statement(
  'schema.view_definitions',
  `select oid as relation, relname as name, pg_get_viewdef(oid) as definition, null as comment
   from pg_class where oid = any ($1::oid[]) and relkind in ('v', 'm')`,
);

export type SequenceRow = { relation: number; definition: string };

export const SEQUENCES = statement(
  'schema.sequences',
  `select seqrelid as relation,
     format('AS %s START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s', format_type(seqtypid, null), seqstart,
       seqincrement, seqmin, seqmax, seqcache, case when seqcycle then ' CYCLE' else '' end) as definition
   from pg_sequence where seqrelid = any ($1::oid[])`,
);

export type FunctionRow = { schema: string; name: string; kind: string; definition: string; comment: string | null };

export const FUNCTIONS = statement(
  'schema.functions',
  `select quote_ident(nspname) as schema, p.oid::regprocedure::text as name,
     case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end as kind, pg_get_functiondef(p.oid) as definition,
     obj_description(p.oid, 'pg_proc') as comment
   from pg_proc p join pg_namespace n on n.oid = pronamespace
   where ${OURS} and prokind in ('f', 'p', 'w') and ${notOfExtension('pg_proc', 'p.oid')}`,
);

export type TypeRow = { schema: string; name: string; kind: string; definition: string; comment: string | null };

export const TYPES = statement(
  'schema.types',
  `select quote_ident(nspname) as schema, format('%I.%I', nspname, typname) as name,
     case typtype when 'd' then 'DOMAIN' else 'TYPE' end as kind,
     case typtype
       when 'e' then 'AS ENUM (' ||
         (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid) || ')'
       when 'c' then 'AS (' || (select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
         from pg_attribute where attrelid = typrelid and attnum > 0 and not attisdropped) || ')'
       else concat_ws(' ', 'AS', format_type(typbasetype, typtypmod), 'DEFAULT ' || typdefault,
         case when typnotnull then 'NOT NULL' end,
         (select string_agg(format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), ' ' order by conname collate "C")
          from pg_constraint where contypid = t.oid and contype = 'c'))
     end as definition,
     obj_description(t.oid, 'pg_type') as comment
   from pg_type t join pg_namespace n on n.oid = typnamespace left join pg_class c on c.oid = typrelid
   where ${OURS} and (typtype in ('e', 'd') or (typtype = 'c' and relkind = 'c')) and ${notOfExtension('pg_type', 't.oid')}`,
);

export type GrantRow = {
  /** What is granted on: `SCHEMA`, `TABLE`, `SEQUENCE`, `FUNCTION`, `TYPE`. */
  kind: string;
  object: string;
  /** Column of a table, when the grant is on that alone. */
  column: string | null;
  /** `PUBLIC` for everybody. */
  grantee: string;
  privilege: string;
  grantable: boolean;
};

/** Rights of anybody but the owner; MAINTAIN exists since PostgreSQL 17 only and is left out. */
export const GRANTS = statement(
  'schema.grants',
  `with object (kind, object, "column", owner, acl) as (
     select 'SCHEMA', quote_ident(nspname), null, nspowner, nspacl from pg_namespace where ${OURS}
     union all
     select case relkind when 'S' then 'SEQUENCE' else 'TABLE' end, c.oid::regclass::text, null, relowner, relacl
     from pg_class c join pg_namespace n on n.oid = relnamespace where ${OURS} and ${notOfExtension('pg_class', 'c.oid')}
     union all
     select 'TABLE', c.oid::regclass::text, quote_ident(attname), relowner, attacl
     from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
     where ${OURS} and attacl is not null and ${notOfExtension('pg_class', 'c.oid')}
     union all
     select case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, p.oid::regprocedure::text, null, proowner, proacl
     from pg_proc p join pg_namespace n on n.oid = pronamespace where ${OURS} and ${notOfExtension('pg_proc', 'p.oid')}
     union all
     select 'TYPE', t.oid::regtype::text, null, typowner, typacl
     from pg_type t join pg_namespace n on n.oid = typnamespace where ${OURS} and ${notOfExtension('pg_type', 't.oid')}
   )
   select kind, object, "column", case grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(grantee)) end as grantee,
     privilege_type as privilege, is_grantable as grantable
   from object cross join aclexplode(acl)
   where grantee <> owner and privilege_type <> 'MAINTAIN'
   union all
   -- Everybody may use a function or type unless that was taken away.
   select kind, object, null, 'PUBLIC', 'NOTHING', false
   from object
   where kind in ('FUNCTION', 'PROCEDURE', 'TYPE') and acl is not null
     and not exists (select from aclexplode(acl) where grantee = 0)`,
);

/** Kinds of objects that the reader cannot write. It refuses to go on rather than to leave one out. */
export const UNKNOWN = statement(
  'schema.unknown',
  `select kind || ' ' || name as name from (
     select 'aggregate' as kind, p.oid::regprocedure::text as name, pronamespace as namespace, 'pg_proc'::regclass as catalog, p.oid
     from pg_proc p where prokind = 'a'
     union all
     select 'foreign table', oid::regclass::text, relnamespace, 'pg_class'::regclass, oid from pg_class where relkind = 'f'
     union all
     select 'range type', oid::regtype::text, typnamespace, 'pg_type'::regclass, oid from pg_type where typtype = 'r'
     union all
     select 'operator', oid::regoperator::text, oprnamespace, 'pg_operator'::regclass, oid from pg_operator
     union all
     select 'collation', collname::text, collnamespace, 'pg_collation'::regclass, oid from pg_collation
     union all
     select 'statistics', stxname::text, stxnamespace, 'pg_statistic_ext'::regclass, oid from pg_statistic_ext
     union all
     select 'policy', polname::text, relnamespace, 'pg_policy'::regclass, p.oid from pg_policy p join pg_class c on c.oid = polrelid
     union all
     select 'row security of', oid::regclass::text, relnamespace, 'pg_class'::regclass, oid
     from pg_class where relrowsecurity or relforcerowsecurity
     union all
     select 'rule', rulename::text, relnamespace, 'pg_rewrite'::regclass, r.oid
     from pg_rewrite r join pg_class c on c.oid = ev_class where rulename <> '_RETURN'
     union all
     select 'default privileges', '', coalesce(nullif(defaclnamespace, 0), 'public'::regnamespace), 'pg_default_acl'::regclass, oid
     from pg_default_acl
     union all
     select 'extension', extname::text, 'public'::regnamespace, 'pg_extension'::regclass, oid
     from pg_extension where extname <> 'plpgsql'
     union all
     select 'event trigger', evtname::text, 'public'::regnamespace, 'pg_event_trigger'::regclass, oid from pg_event_trigger
     union all
     select 'publication', pubname::text, 'public'::regnamespace, 'pg_publication'::regclass, oid from pg_publication
   ) o join pg_namespace n on n.oid = namespace
   where ${OURS} and not exists (select from pg_depend e where e.classid = o.catalog and e.objid = o.oid and e.deptype = 'e')
   order by 1`,
);

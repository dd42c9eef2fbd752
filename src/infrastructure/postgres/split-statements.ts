export type SplitStatement = {
  readonly text: string;
  /** Where it begins in the whole text, in UTF-16 units from 0. */
  readonly offset: number;
};

/** What hides a semicolon, each to be matched where it begins. Lexical structure: PostgreSQL manual, section 4.1. */
const ESCAPE_STRING = /[eE]'(?:[^'\\]|''|\\[^])*'/y;
const STRING = /'(?:[^']|'')*'/y;
const QUOTED_NAME = /"(?:[^"]|"")*"/y;
const LINE_COMMENT = /--[^\n]*/y;
const DOLLAR_STRING = /(\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$)[^]*?\1/y;
const WORD = /[A-Za-z0-9_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
// An escape string before words, for its `e` looks like one.
const TOKENS = [ESCAPE_STRING, STRING, QUOTED_NAME, LINE_COMMENT, DOLLAR_STRING, WORD] as const;

/** The end of the block comment that begins at `start`; they nest. */
function blockCommentEnd(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

/** The position after the token that begins at `start`. */
function tokenEnd(sql: string, start: number): number {
  if (sql.startsWith('/*', start)) return blockCommentEnd(sql, start);
  for (const token of TOKENS) {
    token.lastIndex = start;
    if (token.test(sql)) return token.lastIndex;
  }
  return start + 1;
}

const isComment = (sql: string, start: number): boolean => sql.startsWith('--', start) || sql.startsWith('/*', start);

/**
 * The statements of an SQL text, at semicolons outside of strings, names, comments and dollar quotes; text without a
 * statement is left out. Bodies written as BEGIN ATOMIC … END are not understood.
 */
export function splitStatements(sql: string): readonly SplitStatement[] {
  const statements: SplitStatement[] = [];
  // Where the current statement's first word is; undefined before it.
  let offset: number | undefined;
  let position = 0;
  while (position < sql.length) {
    const end = tokenEnd(sql, position);
    if (sql[position] === ';') {
      if (offset !== undefined) statements.push({ text: sql.slice(offset, position), offset });
      offset = undefined;
    } else if (offset === undefined && !isComment(sql, position) && sql.slice(position, end).trim() !== '') {
      offset = position;
    }
    position = end;
  }
  if (offset !== undefined) statements.push({ text: sql.slice(offset).trimEnd(), offset });
  return statements;
}

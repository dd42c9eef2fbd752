import { expect, test } from 'vitest';
import { splitStatements } from './split-statements.ts';

const texts = (sql: string): string[] => splitStatements(sql).map(({ text }) => text);

test('statements end at semicolons, and what holds no statement is left out', () => {
  expect(texts('select 1; select 2')).toEqual(['select 1', 'select 2']);
  expect(texts(' ;; -- nothing\n /* at ; all */ ;\n')).toEqual([]);
  expect(texts('select 1 -- last')).toEqual(['select 1 -- last']);
});

test.each([
  `select 'a;b'`,
  `select 'it''s; fine'`,
  `select 'backslash\\'`,
  `select e'quote\\';'`,
  `select E'\\\\'`,
  `select "semi;colon""inside;"`,
  `select 1 -- not; here\n + 1`,
  `select /* outer ; /* inner ; */ ; */ 1`,
  `do $$ begin perform 1; perform 2; end $$`,
  `do $body$ select '$$;'; $body$`,
  `select a$b$c, d$b$e`,
  `select $1 + $2`,
  `select value'text;'`,
])('%s is one statement', (sql) => {
  expect(texts(`${sql};\nselect 'after'`)).toEqual([sql, `select 'after'`]);
});

test('the offset leads to the first word of a statement in the whole text', () => {
  const sql = '-- comment\n\nselect 1;\n /* more */ select 2;';
  expect(splitStatements(sql).map(({ text, offset }) => sql.slice(offset, offset + text.length))).toEqual([
    'select 1',
    'select 2',
  ]);
});

test('an unfinished string does not hang', () => {
  expect(texts(`select 'open; select 2`)).toHaveLength(2);
});

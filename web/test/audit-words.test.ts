import { expect, test } from 'vitest';
import { auditProjection } from '../../src/modules/office/persistence/audit.ts';
import { HIDDEN } from '../console/audit/facts.ts';
import { actions, fields } from '../console/texts/ru/audit.ts';
import { LANGUAGES } from '../shared/i18n/language-list.ts';
import type { AuditedField, AuditedType } from './audit-fields.ts';

type Words = Readonly<Record<string, string>>;

type Hidden = (typeof HIDDEN)[number];

// The compiler refuses these lines when an event can say what has no word, or a word is for what no event says.
const wordedActions: Readonly<Record<AuditedType, string>> = actions;
const wordedFields: Readonly<Record<Exclude<AuditedField, Hidden>, string>> = fields;
const saidActions: readonly AuditedType[] = Object.keys(wordedActions) as (keyof typeof actions)[];
const saidFields: readonly AuditedField[] = Object.keys(wordedFields) as (keyof typeof fields)[];

const expectDistinct = (worded: readonly string[]): void => {
  expect(worded.filter((words) => words.trim() === '')).toEqual([]);
  expect(new Set(worded).size).toBe(worded.length);
};

test.each(LANGUAGES)(
  'whatever can stand in the audit trail has its words, and nothing else does: %s',
  async (language) => {
    const texts = (await import(`../console/texts/${language}/audit.ts`)) as {
      readonly actions: Words;
      readonly fields: Words;
    };
    expect(Object.keys(texts.actions).toSorted()).toEqual([...auditProjection.eventTypes].toSorted());
    expect(Object.keys(texts.fields).toSorted()).toEqual(saidFields.toSorted());
    expectDistinct(Object.values(texts.actions));
    expectDistinct(Object.values(texts.fields));
  },
);

test('the events that the compiler looks into are those of the audit trail', () => {
  expect(saidActions.toSorted()).toEqual([...auditProjection.eventTypes].toSorted());
});

test('what is hidden has no words', () => {
  expect(HIDDEN.filter((name) => (saidFields as readonly string[]).includes(name))).toEqual([]);
});

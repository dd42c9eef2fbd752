import { expect, test } from 'vitest';
import { auditProjection } from '../../src/modules/office/persistence/audit.ts';
import { LANGUAGES } from '../shared/i18n/language-list.ts';

type Words = Readonly<Record<string, string>>;

test.each(LANGUAGES)(
  'whatever can stand in the audit trail has its words, and nothing else does: %s',
  async (language) => {
    const { actions } = (await import(`../console/texts/${language}/audit.ts`)) as { readonly actions: Words };
    expect(Object.keys(actions).toSorted()).toEqual([...auditProjection.eventTypes].toSorted());
    const [worded, distinct] = [Object.values(actions), new Set(Object.values(actions))];
    expect(worded.every((words) => words.trim() !== '')).toBe(true);
    expect(distinct.size).toBe(worded.length);
  },
);

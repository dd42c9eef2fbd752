import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, oneOf, text } from '../../../infrastructure/http/schemas.ts';
import type { HolidayBook } from '../application/park-catalogue.ts';
import type { SetHolidays } from '../application/set-holidays.ts';
import type { Holiday } from '../contract.ts';
import { ruleTag, ruleVersion } from './calendar-schema.ts';
import { translated } from './rule-schema.ts';

const HolidayRow = Type.Object({
  date: date(),
  names: translated(200, 'The name in every language'),
  certainty: oneOf(
    ['fixed', 'announced', 'estimated'],
    'By law every year, announced for this year, or computed until it is announced',
  ),
  source: text(300, { description: 'Who says so' }),
});
const HolidayList = Type.Object({ items: Type.Array(HolidayRow, { minItems: 1, maxItems: 500 }) });

const example = {
  items: [
    {
      date: '2027-03-10',
      names: { ru: 'Орозо айт', ky: 'Орозо айт', en: 'Orozo Ait' },
      certainty: 'estimated',
      source: 'Computed lunar calendar; the Muftiate confirms the day by the moon',
    },
  ],
};

const answer = {
  200: {
    description: 'The public holidays in order of their dates',
    headers: { ETag: 'Version of the list, for If-Match' },
    schema: HolidayList,
    example,
  },
} as const;

const answered = ({ holidays, version }: { readonly holidays: readonly Holiday[]; readonly version: number }) =>
  ({ status: 200, headers: { etag: ruleTag(version) }, body: { items: holidays } }) as const;

export const getHolidaysRoute = (book: HolidayBook) =>
  defineRoute({
    method: 'GET',
    path: '/admin/holidays',
    operationId: 'getHolidays',
    summary: 'The public holidays that prices and hours go by',
    tag: 'parks',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: ['manager', 'finance', 'admin'] },
    responses: answer,
    problems: [],
    handle: async () => answered(await book()),
  });

export const setHolidaysRoute = (setHolidays: SetHolidays, book: HolidayBook) =>
  defineRoute({
    method: 'PUT',
    path: '/admin/holidays',
    operationId: 'setHolidays',
    summary: 'Replace the list of public holidays',
    description: 'For all parks. Tickets keep what they were sold with.',
    tag: 'parks',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'none',
    editing: true,
    body: HolidayList,
    bodyExample: example,
    responses: answer,
    problems: ['precondition_failed', 'validation_failed'],
    async handle({ body, principal, correlationId, ifMatch }) {
      const edit = { holidays: body.items, version: ruleVersion(ifMatch) };
      const done = await setHolidays(edit, { actor: principal.actor, correlationId });
      if (done.ok) return answered(await book());
      const { refusal } = done;
      if (refusal.code === 'version_moved') return problem('precondition_failed');
      return problem('validation_failed', {
        errors: [{ path: `items.${refusal.index}`, message: refusal.message }],
      });
    },
  });

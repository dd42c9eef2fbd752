import type { components } from '../../../clients/typescript/schema.d.ts';
import { typed } from '../../shared/ui/typed.ts';
import { amountOf } from '../../shared/format/amount.ts';

export type CalendarDay = components['schemas']['CalendarDay'];
export type DateRule = NonNullable<CalendarDay['rule']>;

/** What the form of a day holds: what the reader sees, an empty text where the day has nothing of its own. */
export type RuleDraft = {
  readonly state: 'as_usual' | 'open' | 'closed';
  readonly openTime: string;
  readonly closeTime: string;
  readonly priceUnder3: string;
  readonly priceOver3: string;
  readonly priceAdult: string;
  readonly dayQuota: string;
  readonly note: string;
  readonly reason: { readonly ru: string; readonly ky: string; readonly en: string };
};

const stateOf = (closed: boolean | null | undefined): RuleDraft['state'] => {
  if (closed === true) return 'closed';
  return closed === false ? 'open' : 'as_usual';
};

export function draftOf(rule: DateRule | null): RuleDraft {
  return {
    state: stateOf(rule?.closed),
    openTime: rule?.open_time ?? '',
    closeTime: rule?.close_time ?? '',
    priceUnder3: rule?.price_under_3 ?? '',
    priceOver3: rule?.price_over_3 ?? '',
    priceAdult: rule?.price_adult ?? '',
    dayQuota: rule?.day_quota?.toString() ?? '',
    note: rule?.note ?? '',
    reason: rule?.reason ?? { ru: '', ky: '', en: '' },
  };
}

const STATES = ['as_usual', 'open', 'closed'] as const;

/** What was typed into the form of a day. */
export function draftFrom(fields: FormData): RuleDraft {
  return {
    state: STATES.find((one) => one === typed(fields, 'state')) ?? 'as_usual',
    openTime: typed(fields, 'openTime'),
    closeTime: typed(fields, 'closeTime'),
    priceUnder3: typed(fields, 'priceUnder3'),
    priceOver3: typed(fields, 'priceOver3'),
    priceAdult: typed(fields, 'priceAdult'),
    dayQuota: typed(fields, 'dayQuota'),
    note: typed(fields, 'note'),
    reason: { ru: typed(fields, 'reason.ru'), ky: typed(fields, 'reason.ky'), en: typed(fields, 'reason.en') },
  };
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** Where a reason is written in one language alone, it is shown in it to all. */
function reasonOf({ ru, ky, en }: RuleDraft['reason']): RuleDraft['reason'] | null {
  const any = [ru, ky, en].map((text) => text.trim()).find((text) => text !== '');
  return any === undefined ? null : { ru: orNull(ru) ?? any, ky: orNull(ky) ?? any, en: orNull(en) ?? any };
}

/** The rule that the form asks for; null when the day would have nothing of its own. */
export function ruleOf(draft: RuleDraft): DateRule | null {
  const rule: DateRule = {
    closed: draft.state === 'as_usual' ? null : draft.state === 'closed',
    open_time: orNull(draft.openTime),
    close_time: orNull(draft.closeTime),
    price_under_3: amountOf(draft.priceUnder3),
    price_over_3: amountOf(draft.priceOver3),
    price_adult: amountOf(draft.priceAdult),
    day_quota: orNull(draft.dayQuota) === null ? null : Number(draft.dayQuota),
    note: orNull(draft.note),
    reason: draft.state === 'closed' ? reasonOf(draft.reason) : null,
  };
  return Object.values(rule).every((value) => value === null) ? null : rule;
}

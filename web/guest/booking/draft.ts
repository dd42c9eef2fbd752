import type { components } from '../../../clients/typescript/schema.d.ts';

export type Visit = components['schemas']['VisitRequest'];

/** A child that is named here only, with the age on the day of the visit; null until it is said. */
export type TypedChild = { readonly key: string; readonly name: string; readonly age: number | null };

/** What a guest has put together for a visit so far. */
export type Draft = {
  readonly date: string | null;
  /** Children of the profile. */
  readonly childIds: readonly string[];
  readonly others: readonly TypedChild[];
  readonly adults: number;
  readonly promo: string;
  readonly spendsPoints: boolean;
  /** The pass that it is a visit of; null where it is paid for. */
  readonly passId: string | null;
};

export const EMPTY: Draft = {
  date: null,
  childIds: [],
  others: [],
  adults: 1,
  promo: '',
  spendsPoints: false,
  passId: null,
};

export const MOST_PEOPLE = 50;

const isBlank = ({ name, age }: TypedChild): boolean => age === null && name.trim() === '';

/** A line that nobody has touched is no child, unless it is the only one. */
export const typedOf = ({ childIds, others }: Draft): readonly TypedChild[] =>
  childIds.length === 0 && others.length === 1 ? others : others.filter((one) => !isBlank(one));

export const peopleOf = (draft: Draft): number => draft.childIds.length + typedOf(draft).length + draft.adults;

/** What can be priced and bought. Whose name is not said is called by `nameless`. */
export function visitOf(parkId: string, draft: Draft, nameless: string): Visit | null {
  const { date, childIds, adults, promo, passId } = draft;
  const typed: { name: string; age: number }[] = [];
  for (const { name, age } of typedOf(draft)) {
    if (age === null) return null;
    typed.push({ name: name.trim() === '' ? nameless : name.trim(), age });
  }
  if (date === null || childIds.length + typed.length === 0) return null;
  const code = promo.trim();
  return {
    park_id: parkId,
    visit_date: date,
    children: [...childIds.map((id) => ({ child_id: id })), ...typed],
    adults,
    ...(passId === null ? (code === '' ? {} : { promo_code: code }) : { pass_id: passId }),
  };
}

/** The same for its price, which depends on no name: typing one asks for no new quote. */
export const pricedVisit = (visit: Visit): Visit => ({
  ...visit,
  children: visit.children.map((child) => ('name' in child ? { ...child, name: 'x' } : child)),
});

/** At most half of a price may be paid with points, in whole points. */
export const mostPoints = (held: number, price: string): number => Math.min(held, Math.floor(Number(price) / 2));

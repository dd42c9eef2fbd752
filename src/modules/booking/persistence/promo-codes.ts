import type { EventStore } from '../../../kernel/event-store.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { PromoCodes, PromoCodeView } from '../application/promo-codes.ts';
import type { PromoCode } from '../domain/promo-code.ts';
import { promoAccount } from '../domain/ticket-transfers.ts';

export const promoCodesProjection: Projection = {
  name: 'booking.promo_codes',
  schema: 'booking',
  tables: ['promo_codes'],
  eventTypes: ['PromoCodeCreated', 'PromoCodeChanged'],
  functionName: 'booking.project_promo_codes',
};

const BY_CODE = statement('booking.promo-by-code', 'select terms, version from booking.promo_codes where code = $1');
const BY_ID = statement('booking.promo-by-id', 'select terms, version from booking.promo_codes where id = $1');
const PAGE = statement(
  'booking.promo-codes',
  'select terms, version from booking.promo_codes where ($1::text is null or code > $1) order by code limit $2',
);

/** Amounts are stored as texts. */
type StoredTerms = Omit<PromoCode, 'sumTyiyn' | 'minPriceTyiyn'> & {
  readonly sumTyiyn: string | null;
  readonly minPriceTyiyn: string;
};
type Row = { readonly terms: StoredTerms; readonly version: number };

const promoOf = ({ terms }: Row): PromoCode => ({
  ...terms,
  sumTyiyn: terms.sumTyiyn === null ? null : BigInt(terms.sumTyiyn),
  minPriceTyiyn: BigInt(terms.minPriceTyiyn),
});

export function createPromoCodes(database: Database, store: EventStore): PromoCodes {
  async function toViews(rows: readonly Row[]): Promise<readonly PromoCodeView[]> {
    const used = await store.balances(rows.map(({ terms }) => promoAccount(terms.promoId, null, 'used')));
    return rows.map((row, index) => ({ ...promoOf(row), version: row.version, used: used[index] ?? 0 }));
  }
  return {
    async findByCode(code) {
      const [row] = await database.rows<Row>(BY_CODE, [code.toUpperCase()]);
      return row === undefined ? null : promoOf(row);
    },
    async find(promoId) {
      return (await toViews(await database.rows<Row>(BY_ID, [promoId])))[0] ?? null;
    },
    async page(after, limit) {
      return toViews(await database.rows<Row>(PAGE, [after, limit]));
    },
  };
}

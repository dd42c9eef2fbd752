import { money } from '../../shared/format/money.ts';
import { texts } from '../texts/texts.ts';
import type { PriceLine } from './quote.ts';

/** A price, line by line, each with why it is there. */
export const PriceLines = ({ lines, price }: { readonly lines: readonly PriceLine[]; readonly price: string }) => (
  <dl class="price-lines">
    {lines.map(({ kind, quantity, unit_price: unit, amount }) => {
      const { name, why } = texts().priceLine[kind];
      return (
        <div key={kind}>
          <dt>
            {name}
            {quantity > 1 && (
              <span class="muted">
                {' '}
                {quantity} × {money(unit)}
              </span>
            )}
            {why !== '' && <small>{why}</small>}
          </dt>
          <dd>{Number(amount) === 0 ? texts().free : money(amount)}</dd>
        </div>
      );
    })}
    <div class="total">
      <dt>{texts().total}</dt>
      <dd>{money(price)}</dd>
    </div>
  </dl>
);

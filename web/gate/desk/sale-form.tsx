import { useSignal, useSignalEffect } from '@preact/signals';
import { intentOf } from '../../shared/api/intent.ts';
import type { Problem } from '../../shared/api/outcome.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Field } from '../../shared/ui/form.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { Choice } from '../ui/choice.tsx';
import { Stepper } from '../../shared/ui/stepper.tsx';
import { texts } from '../texts/texts.ts';
import { today } from '../../shared/format/day.ts';
import { readSum } from '../../shared/format/amount.ts';
import { changeOf, NOBODY, quote, sell, type DeskTicket, type Method, type Party } from './sale.ts';

const MOST = 50;
/** While somebody presses keys the price is not asked for each of them. */
const REST_MS = 200;

/** What the party would pay, as soon as the cashier stops counting. */
function useQuote(parkId: string, party: { readonly value: Party }) {
  const price = useSignal<string | null>(null);
  const problem = useSignal<Problem | null>(null);
  useSignalEffect(() => {
    const asked = party.value;
    price.value = null;
    problem.value = null;
    if (asked.under3 + asked.over3 === 0) return undefined;
    const timer = setTimeout(() => {
      void quote(parkId, asked).then((quoted) => {
        if (party.value !== asked) return;
        if (quoted.ok) price.value = quoted.value.price;
        else problem.value = quoted.problem;
      });
    }, REST_MS);
    return () => clearTimeout(timer);
  });
  return { price, problem };
}

/** How much of what was given goes back. */
function Change({ price }: { readonly price: string }) {
  const given = useSignal('');
  const sum = readSum(given.value);
  const change = sum === null ? null : changeOf(price, sum);
  return (
    <div class="row spread">
      <Field label={texts().sell.given} name="given" inputMode="decimal" onInput={(typed) => (given.value = typed)} />
      <p>
        {texts().sell.change}: <strong>{change === null ? '—' : money(change)}</strong>
      </p>
    </div>
  );
}

type Props = {
  readonly parkId: string;
  readonly canTakeCash: boolean;
  readonly onSold: (ticket: DeskTicket) => unknown;
};

export function SaleForm({ parkId, canTakeCash, onSold }: Props) {
  const party = useSignal<Party>(NOBODY);
  const method = useSignal<Method>(canTakeCash ? 'cash' : 'elcard_terminal');
  const slip = useSignal('');
  const refusal = useSignal<Problem | null>(null);
  const { price, problem } = useQuote(parkId, party);
  const intent = intentOf('sellAtDesk');
  const words = texts().sell;
  const change = (part: keyof Party) => (count: number) => (party.value = { ...party.value, [part]: count });
  const children = party.value.under3 + party.value.over3;
  const isReady = price.value !== null && (method.value !== 'elcard_terminal' || slip.value.trim() !== '');
  const methods: readonly Method[] = canTakeCash ? ['cash', 'elcard_terminal', 'elqr'] : ['elcard_terminal', 'elqr'];

  const press = async (): Promise<void> => {
    refusal.value = null;
    const by = { method: method.value, slip: slip.value.trim() };
    const wish = JSON.stringify([parkId, today(), party.value, by]);
    const sold = await intent(wish, (header) => sell(header, parkId, party.value, by));
    if (sold.ok) onSold(sold.value);
    else refusal.value = sold.problem;
  };

  return (
    <div class="stack">
      <Stepper
        label={words.childrenOver3}
        value={party.value.over3}
        most={MOST - party.value.under3}
        onChange={change('over3')}
      />
      <Stepper
        label={words.childrenUnder3}
        value={party.value.under3}
        most={MOST - party.value.over3}
        onChange={change('under3')}
      />
      <Stepper label={words.adults} value={party.value.adults} most={MOST} onChange={change('adults')} />
      <Choice<Method>
        legend={words.method}
        options={methods.map((one) => ({ value: one, label: words.methods[one] }))}
        chosen={method.value}
        onChoose={(chosen) => (method.value = chosen)}
      />
      {method.value === 'elcard_terminal' && (
        <Field
          label={words.slip}
          name="slip"
          maxLength={64}
          inputMode="numeric"
          onInput={(typed) => (slip.value = typed)}
        />
      )}
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      {refusal.value !== null && <ProblemNotice problem={refusal.value} />}
      <div class="row spread">
        <span>{words.total}</span>
        <output class="big-total">{price.value === null ? '—' : money(price.value)}</output>
      </div>
      {method.value === 'cash' && price.value !== null && <Change price={price.value} />}
      {children === 0 && <p class="muted">{words.nobody}</p>}
      <BusyButton disabled={!isReady} onPress={press}>
        {words.sell(price.value === null ? '…' : money(price.value))}
      </BusyButton>
    </div>
  );
}

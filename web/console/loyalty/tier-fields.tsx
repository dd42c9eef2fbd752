import { useSignal } from '@preact/signals';
import { Plus, Trash2 } from 'lucide';
import { Field } from '../../shared/ui/form.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import type { Tier } from './figures.ts';

/** The rows of the tiers; they are read from the form, so a row is told by a number of its own alone. */
export function TierFields({ tiers }: { readonly tiers: readonly Tier[] }) {
  const { loyalty: words } = texts();
  const rows = useSignal(tiers.map((tier, key) => ({ key, tier })));
  const next = useSignal(tiers.length);
  const add = (): void => {
    rows.value = [...rows.value, { key: next.value, tier: { name: '', min_points: 0, discount_percent: 0 } }];
    next.value += 1;
  };
  return (
    <>
      <h2>{words.tiers}</h2>
      {rows.value.map(({ key, tier }) => (
        <div key={key} class="tier">
          <Field label={words.tier} name="tier" required maxLength={40} defaultValue={tier.name} />
          <Field
            label={words.from}
            name="points"
            type="number"
            min="0"
            required
            defaultValue={String(tier.min_points)}
          />
          <Field
            label={words.discount}
            name="percent"
            type="number"
            min="0"
            max="100"
            required
            defaultValue={String(tier.discount_percent)}
          />
          <button
            type="button"
            class="secondary"
            aria-label={words.removeTier(tier.name)}
            disabled={rows.value.length === 1}
            onClick={() => (rows.value = rows.value.filter((row) => row.key !== key))}
          >
            <Icon of={Trash2} />
          </button>
        </div>
      ))}
      <button type="button" class="secondary" onClick={add}>
        <Icon of={Plus} /> {words.addTier}
      </button>
    </>
  );
}

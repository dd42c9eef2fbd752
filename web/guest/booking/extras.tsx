import { useSignal } from '@preact/signals';
import { money } from '../../shared/format/money.ts';
import { texts } from '../texts/texts.ts';
import type { Pass } from '../club/pass.ts';
import type { Draft } from './draft.ts';
import { PassChoice } from './pass-choice.tsx';
import type { Quoted } from './quote.ts';

type Props = {
  readonly draft: Draft;
  readonly quoted: Quoted | null;
  /** Those of the guest that are good for the visit. */
  readonly passes: readonly Pass[];
  readonly onChange: (changes: Partial<Draft>) => unknown;
};

/** A promo code, behind a line of its own: few have one. */
function Promo({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const isOpen = useSignal(draft.promo !== '');
  return (
    <details open={isOpen.value} onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{texts().buy.havePromo}</summary>
      {isOpen.value && (
        <label>
          {texts().buy.promo}
          <input
            value={draft.promo}
            maxLength={40}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            onChange={({ currentTarget }) => onChange({ promo: currentTarget.value })}
          />
        </label>
      )}
    </details>
  );
}

/** What makes a visit cheaper: a pass, or points that are there and a promo code. */
export const Extras = ({ draft, quoted, passes, onChange }: Props) => (
  <>
    <PassChoice passes={passes} chosen={draft.passId} onChoose={(passId) => onChange({ passId })} />
    {quoted !== null && quoted.mostPoints > 0 && (
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={draft.spendsPoints}
          onChange={({ currentTarget }) => onChange({ spendsPoints: currentTarget.checked })}
        />
        {texts().buy.spend(quoted.mostPoints, money(String(quoted.mostPoints)))}
      </label>
    )}
    {draft.passId === null && <Promo draft={draft} onChange={onChange} />}
  </>
);

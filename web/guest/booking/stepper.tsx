import { Minus, Plus } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';

type Props = {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => unknown;
};

/** A small number, changed by thumbs. */
export const Stepper = ({ label, value, max, onChange }: Props) => (
  <fieldset class="row spread">
    <legend class="visually-hidden">{label}</legend>
    <span aria-hidden="true">{label}</span>
    <span class="row stepper">
      <button
        type="button"
        class="round"
        aria-label={texts().fewer}
        disabled={value <= 0}
        onClick={() => onChange(value - 1)}
      >
        <Icon of={Minus} />
      </button>
      <output>{value}</output>
      <button
        type="button"
        class="round"
        aria-label={texts().more}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <Icon of={Plus} />
      </button>
    </span>
  </fieldset>
);

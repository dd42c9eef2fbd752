import { common } from '../i18n/common.ts';

type Props = {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => unknown;
};

/** A small number by two large keys, for thumbs. */
export const Stepper = ({ label, value, most, onChange }: Props) => (
  <div class="stepper" role="group" aria-label={label}>
    <span>{label}</span>
    <button
      type="button"
      class="secondary"
      aria-label={`${common().fewer}: ${label}`}
      disabled={value <= 0}
      onClick={() => void onChange(value - 1)}
    >
      −
    </button>
    <output aria-live="polite">{value}</output>
    <button
      type="button"
      class="secondary"
      aria-label={`${common().more}: ${label}`}
      disabled={value >= most}
      onClick={() => void onChange(value + 1)}
    >
      +
    </button>
  </div>
);

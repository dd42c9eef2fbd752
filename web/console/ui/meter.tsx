import { fullnessOf } from '../../shared/format/fullness.ts';

type Props = { readonly value: number; readonly most: number; readonly label: string };

/** How much of something is taken. */
export function Meter({ value, most, label }: Props) {
  const percent = most === 0 ? 0 : Math.min(100, Math.round((value / most) * 100));
  return (
    <div
      class={`meter ${fullnessOf(value, most)}`}
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={Math.max(most, value)}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}

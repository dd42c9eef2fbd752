type Props = { readonly value: number; readonly most: number; readonly label: string };

const FULL = 1;
const ALMOST = 0.85;

const lookOf = (share: number): string => {
  if (share >= FULL) return 'bad';
  return share >= ALMOST ? 'warn' : 'good';
};

/** How much of something is taken. */
export function Meter({ value, most, label }: Props) {
  const share = most === 0 ? 0 : value / most;
  const percent = Math.min(100, Math.round(share * 100));
  return (
    <div
      class={`meter ${lookOf(share)}`}
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

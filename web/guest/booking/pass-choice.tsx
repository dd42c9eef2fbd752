import { texts } from '../texts/texts.ts';
import type { Pass } from '../club/pass.ts';

type Props = {
  /** Those that are good for the visit; with none there is nothing to choose. */
  readonly passes: readonly Pass[];
  readonly chosen: string | null;
  readonly onChoose: (passId: string | null) => unknown;
};

/** Whether a visit is paid for or one of a pass. */
export function PassChoice({ passes, chosen, onChoose }: Props) {
  const words = texts().passes;
  if (passes.length === 0) return null;
  return (
    <label>
      {words.choose}
      <select value={chosen ?? ''} onChange={({ currentTarget: { value } }) => onChoose(value === '' ? null : value)}>
        <option value="">{words.without}</option>
        {passes.map(({ id, name, visits_left: left }) => (
          <option key={id} value={id}>
            {`${name ?? words.one}: ${left === null ? words.unlimited : words.left(left)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

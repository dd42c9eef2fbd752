import { useId } from 'preact/hooks';

type Props<Value> = {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => unknown;
};

/** One of a few, by large keys that a thumb in a glove hits. */
export function Choice<Value>({ legend, options, chosen, onChoose }: Props<Value>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={label}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => void onChoose(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

import { useId } from 'preact/hooks';

type Props<Value extends string> = {
  readonly label: string;
  readonly name?: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value?: Value;
  readonly hint?: string;
  readonly onChange?: (value: Value) => unknown;
};

/** A choice of few with its label. */
export function SelectField<Value extends string>({ label, name, options, value, hint, onChange }: Props<Value>) {
  const id = useId();
  return (
    <div>
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        {...(onChange === undefined ? { defaultValue: value } : { value })}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => {
          const chosen = options.find((one) => one.value === currentTarget.value);
          if (chosen !== undefined) void onChange?.(chosen.value);
        }}
      >
        {options.map((one) => (
          <option key={one.value} value={one.value} selected={onChange === undefined && one.value === value}>
            {one.label}
          </option>
        ))}
      </select>
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

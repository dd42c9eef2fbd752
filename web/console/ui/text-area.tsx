import { useId } from 'preact/hooks';

type Props = {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
  readonly maxLength: number;
};

/** A text of some lines with its label and its hint. */
export function TextArea({ label, hint, ...area }: Props) {
  const id = useId();
  return (
    <div>
      <label for={id}>{label}</label>
      <textarea {...area} id={id} rows={2} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

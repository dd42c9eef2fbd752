import { useSignal } from '@preact/signals';
import type { ComponentChildren, ComponentProps } from 'preact';
import { useId } from 'preact/hooks';
import type { Problem } from '../api/outcome.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { useRefusal } from './use-refusal.ts';

type FormProps = {
  readonly children: ComponentChildren;
  readonly submit: string;
  /** Whether something is gone afterwards: its button says so by its colour too. */
  readonly isDanger?: boolean;
  /** Does it; answers why it did not work, null when it did. */
  readonly onSubmit: (fields: FormData) => Promise<Problem | null>;
};

/**
 * A form that is sent once, keeps what was typed when it is refused, and says why at the field or above the button; in passing
 * where it was closed meanwhile.
 */
export function Form({ children, submit, isDanger = false, onSubmit }: FormProps) {
  const isBusy = useSignal(false);
  const [problem, tell] = useRefusal();
  const send = async (form: HTMLFormElement): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    tell(await onSubmit(new FormData(form)).finally(() => (isBusy.value = false)));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
    >
      {children}
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <button type="submit" class={isDanger ? 'danger' : undefined} aria-busy={isBusy.value}>
        {submit}
      </button>
    </form>
  );
}

type FieldProps = {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'tel' | 'email' | 'password' | 'date' | 'time' | 'number' | 'search';
  readonly hint?: string;
  /** What is wrong with it; nothing where it is right. */
  readonly error?: string | undefined;
  readonly defaultValue?: string;
  readonly autocomplete?: string;
  readonly inputMode?: 'text' | 'tel' | 'numeric' | 'decimal' | 'email' | 'search';
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: string;
  readonly max?: string;
  readonly onInput?: (value: string) => unknown;
};

/** An input with its label, its hint, and what is wrong with it. */
export function Field({ label, hint, error, type = 'text', onInput, ...input }: FieldProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  // The types of inputs are a union over `type`, which is not known here.
  const attributes = {
    ...input,
    type,
    id,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': error === undefined ? undefined : true,
  } as ComponentProps<'input'>;
  return (
    <div>
      <label for={id}>{label}</label>
      <input {...attributes} onInput={({ currentTarget }) => void onInput?.(currentTarget.value)} />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
      {error !== undefined && (
        <span class="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

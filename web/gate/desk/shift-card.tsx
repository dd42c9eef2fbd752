import { useSignal } from '@preact/signals';
import { forgetIntents, intentOf } from '../../shared/api/intent.ts';
import type { Problem } from '../../shared/api/outcome.ts';
import { money } from '../../shared/format/money.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { fieldText } from '../../shared/ui/field-text.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';
import { readSum } from '../../shared/format/amount.ts';
import { beginShift, endShift, type Shift } from './sale.ts';

const badSum = (message: string): Problem => ({
  code: 'bad_sum',
  title: message,
  detail: message,
  fields: [],
  status: 400,
  retryAfterSeconds: null,
});

type SumProps = {
  readonly label: string;
  readonly hint?: string;
  readonly submit: string;
  readonly onSum: (sum: string) => Promise<Problem | null>;
};

const SumForm = ({ label, hint, submit, onSum }: SumProps) => (
  <Form
    submit={submit}
    onSubmit={async (fields) => {
      const sum = readSum(fieldText(fields, 'sum'));
      return sum === null ? badSum(texts().sell.badSum) : onSum(sum);
    }}
  >
    <Field
      label={label}
      {...(hint === undefined ? {} : { hint })}
      name="sum"
      inputMode="decimal"
      required
      maxLength={15}
    />
  </Form>
);

/** Cash begins with what is in the till. */
export function OpenShift({
  parkId,
  onOpened,
}: {
  readonly parkId: string;
  readonly onOpened: (shift: Shift) => unknown;
}) {
  const intent = intentOf('openShift');
  const words = texts().sell;
  return (
    <details class="card">
      <summary>{words.openShift}</summary>
      <SumForm
        label={words.float}
        hint={words.floatHint}
        submit={words.openShift}
        onSum={async (sum) => {
          const opened = await intent(`${parkId} ${sum}`, (header) => beginShift(header, parkId, sum));
          if (!opened.ok) return opened.problem;
          onOpened(opened.value);
          return null;
        }}
      />
    </details>
  );
}

const Counted = ({ shift }: { readonly shift: Shift }) => (
  <dl class="facts">
    <dt>{texts().sell.expected}</dt>
    <dd>{money(shift.expected)}</dd>
    <dt>{texts().sell.counted}</dt>
    <dd>{money(shift.counted ?? '0.00')}</dd>
    <dt>{texts().sell.difference}</dt>
    <dd>{money(shift.difference ?? '0.00')}</dd>
  </dl>
);

/** The till is counted before the cashier sees what should be in it. */
export function CloseShift({ shift, onClosed }: { readonly shift: Shift; readonly onClosed: () => unknown }) {
  const intent = intentOf('closeShift');
  const isOpen = useSignal(false);
  const closed = useSignal<Shift | null>(null);
  const words = texts().sell;
  const leave = (): void => {
    isOpen.value = false;
    if (closed.value !== null) onClosed();
  };
  return (
    <>
      <button type="button" class="secondary" onClick={() => (isOpen.value = true)}>
        {words.closeShift}
      </button>
      {isOpen.value && (
        <Dialog title={closed.value === null ? words.closeShift : words.shiftClosed} onClose={leave}>
          {closed.value === null ? (
            <SumForm
              label={words.counted}
              submit={words.closeShift}
              onSum={async (sum) => {
                const done = await intent(`${shift.id} ${sum}`, (header) => endShift(header, shift.id, sum));
                if (!done.ok) return done.problem;
                forgetIntents('openShift');
                closed.value = done.value;
                return null;
              }}
            />
          ) : (
            <Counted shift={closed.value} />
          )}
        </Dialog>
      )}
    </>
  );
}

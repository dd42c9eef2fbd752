import { useId } from 'preact/hooks';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { plusDays, today } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { given } from '../api/given.ts';
import { nameOfMethod } from '../format/method.ts';
import { texts } from '../texts/texts.ts';
import { SelectField } from '../ui/select-field.tsx';
import { importProblemInWords } from './statement-faults.ts';

const METHODS = ['elqr', 'elcard', 'elcard_terminal'] as const;
const COLUMNS = ['reference_column', 'amount_column', 'fee_column', 'date_column', 'kind_column'] as const;
const WORDS = ['payout_word', 'refund_word'] as const;

type Props = {
  readonly parkId: string | null;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

function queryFrom(fields: FormData, parkId: string | null) {
  const said = (name: string): string => typed(fields, name);
  return {
    method: METHODS.find((one) => one === said('method')) ?? 'elqr',
    from: said('from'),
    to: said('to'),
    ...given({
      park_id: parkId,
      fee_percent: said('fee_percent').replace(',', '.'),
      reference_column: said('reference_column'),
      amount_column: said('amount_column'),
      fee_column: said('fee_column'),
      date_column: said('date_column'),
      kind_column: said('kind_column'),
      payout_word: said('payout_word'),
      refund_word: said('refund_word'),
    }),
  };
}

/** Takes the statement of a provider, as the file that it gave. */
export function ImportDialog({ parkId, onDone, ...props }: Props) {
  const { reconciliation: words } = texts();
  const onClose = useClosing(props.onClose);
  const id = useId();
  const send = async (fields: FormData): Promise<Problem | null> => {
    const file = fields.get('file');
    const answer = await outcomeOf(
      api.POST('/api/v1/admin/reconciliation/import', {
        params: { query: queryFrom(fields, parkId) },
        headers: { 'content-type': 'text/csv' },
        body: '',
        // The bytes as they are: the node finds out in which alphabet they were written.
        bodySerializer: () => file,
      }),
    );
    if (!answer.ok) return importProblemInWords(answer.problem, words);
    const { matched, lines, open, faults } = answer.value;
    say(words.imported(matched, lines, open, faults), faults === 0 ? 'good' : 'warn');
    onClose();
    await onDone();
    return null;
  };
  return (
    <Dialog title={words.import} onClose={onClose}>
      <Form submit={words.importSubmit} onSubmit={send}>
        <SelectField
          label={words.method}
          name="method"
          options={METHODS.map((value) => ({ value, label: nameOfMethod(value) }))}
        />
        <div class="pair">
          <Field label={words.from} name="from" type="date" required defaultValue={plusDays(today(), -1)} />
          <Field label={words.to} name="to" type="date" required defaultValue={plusDays(today(), -1)} />
        </div>
        <label for={id}>{words.file}</label>
        <input id={id} type="file" name="file" accept=".csv,text/csv" required />
        <Field label={words.feePercent} name="fee_percent" inputMode="decimal" maxLength={5} />
        <details>
          <summary>{words.columns}</summary>
          <p class="muted">{words.columnsLead}</p>
          {[...COLUMNS, ...WORDS].map((name) => (
            <Field key={name} label={words.columnNames[name]} name={name} maxLength={100} />
          ))}
        </details>
      </Form>
    </Dialog>
  );
}

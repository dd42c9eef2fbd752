import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownDate } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { given } from '../api/given.ts';
import { nameOfMethod } from '../format/method.ts';
import { whole } from '../format/number.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { sayProblem } from '../ui/say-problem.ts';
import { usePages } from '../../shared/api/use-pages.ts';
import { ImportDialog } from './import-dialog.tsx';
import { lineFaultInWords } from './statement-faults.ts';

type Statement = components['schemas']['Statement'];
type Asking = 'import' | { readonly how: 'book' | 'withdraw'; readonly statement: Statement };

/** Statements of providers, the newest first, with what they tell and what of it is booked. */
export function StatementList({ parkId }: { readonly parkId: string | null }) {
  const { reconciliation: words } = texts();
  const asking = useSignal<Asking | null>(null);
  const stop = (): void => void (asking.value = null);
  const list = usePages(
    (cursor) => {
      const query = { limit: 25, ...given({ park_id: parkId, cursor }) };
      return outcomeOf(api.GET('/api/v1/admin/reconciliation/statements', { params: { query } }));
    },
    [parkId],
  );
  const compare = async ({ id }: Statement): Promise<void> => {
    const answer = await outcomeOf(
      api.POST('/api/v1/admin/reconciliation/statements/{id}/compare', { params: { path: { id } } }),
    );
    if (answer.ok) say(words.compared(answer.value.open));
    else sayProblem(answer.problem);
    await list.page.reload();
  };
  const dialog = { onDone: list.page.reload, onClose: stop };
  return (
    <>
      <div class="row">
        <button type="button" onClick={() => (asking.value = 'import')}>
          {words.import}
        </button>
      </div>
      <PagedTable
        caption={words.views.statements}
        of={list}
        keyOf={({ id }) => id}
        empty={words.noStatements}
        columns={columnsOf(compare, (how, statement) => (asking.value = { how, statement }))}
      />
      {asking.value === 'import' && <ImportDialog parkId={parkId} {...dialog} />}
      {asking.value !== null && asking.value !== 'import' && <SettleDialog {...asking.value} {...dialog} />}
    </>
  );
}

/** Lines that nobody compared, since they could not be read. */
function Unread({ statement: { faults, first_faults: first } }: { readonly statement: Statement }) {
  const { reconciliation: words } = texts();
  return (
    <details>
      <summary>
        <span class="badge bad">{words.unread(faults)}</span>
      </summary>
      <ul class="plain-list">
        {first.map(({ line, message }) => (
          <li key={line}>{words.unreadLine(line, lineFaultInWords(message, words))}</li>
        ))}
        {faults > first.length && <li>{words.unreadMore(faults - first.length)}</li>}
      </ul>
    </details>
  );
}

/** How much of the money that it tells is booked, by what it is. */
function MoneyOf({ statement: { booked, told } }: { readonly statement: Statement }) {
  const { reconciliation: words } = texts();
  return (
    <ul class="plain-list">
      {(['fees', 'payouts', 'unexplained', 'written_off'] as const).map((kind) => (
        <li key={kind}>
          <span class="muted">{words.kinds[kind]}</span> {money(booked[kind])} / {money(told[kind])}
        </li>
      ))}
    </ul>
  );
}

function columnsOf(
  onCompare: (statement: Statement) => Promise<unknown>,
  onAsk: (how: 'book' | 'withdraw', statement: Statement) => unknown,
): readonly Column<Statement>[] {
  const { reconciliation: words } = texts();
  return [
    { title: words.days, cell: ({ from, to }) => `${shownDate(from)} – ${shownDate(to)}` },
    { title: words.method, cell: ({ method }) => nameOfMethod(method) },
    {
      title: words.lines,
      isNumber: true,
      cell: (statement) => (
        <>
          {`${whole(statement.matched)} / ${whole(statement.lines)}`}
          {statement.faults > 0 && <Unread statement={statement} />}
        </>
      ),
    },
    {
      title: words.stillOpen,
      isNumber: true,
      cell: ({ open }) => <span class={`badge ${open === 0 ? 'good' : 'warn'}`}>{whole(open)}</span>,
    },
    { title: words.money, cell: (statement) => <MoneyOf statement={statement} /> },
    {
      title: words.todo,
      cell: (statement) => (
        <div class="row">
          <BusyButton class="secondary" onPress={() => onCompare(statement)}>
            {words.compare}
          </BusyButton>
          <button type="button" class="secondary" onClick={() => void onAsk('book', statement)}>
            {words.settle.book.submit}
          </button>
          <button type="button" class="outline danger" onClick={() => void onAsk('withdraw', statement)}>
            {words.settle.withdraw.submit}
          </button>
        </div>
      ),
    },
  ];
}

type SettleProps = {
  readonly how: 'book' | 'withdraw';
  readonly statement: Statement;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

function SettleDialog({ how, statement: { id }, onDone, onClose }: SettleProps) {
  const words = texts().reconciliation.settle[how];
  return (
    <ConfirmDialog
      title={words.title}
      submit={words.submit}
      isDanger={how === 'withdraw'}
      onClose={onClose}
      onConfirm={async () => {
        const params = { path: { id } };
        const answer =
          how === 'book'
            ? await outcomeOf(api.POST('/api/v1/admin/reconciliation/statements/{id}/book', { params }))
            : await outcomeOf(api.POST('/api/v1/admin/reconciliation/statements/{id}/withdraw', { params }));
        if (!answer.ok) return answer.problem;
        say(words.done);
        await onDone();
        return null;
      }}
    >
      <p>{words.lead}</p>
    </ConfirmDialog>
  );
}

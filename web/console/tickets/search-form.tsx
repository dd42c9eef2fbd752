import { useRef } from 'preact/hooks';
import { Field } from '../../shared/ui/form.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { texts } from '../texts/texts.ts';
import { SelectField } from '../ui/select-field.tsx';
import { TICKET_STATUSES, type TicketStatus } from './ticket.ts';

export type Search = {
  readonly phone: string;
  readonly code: string;
  readonly day: string;
  readonly status: TicketStatus | '';
  /** Counts the times that the button was pressed: whoever presses it again with the same fields asks anew. */
  readonly turn: number;
};

const ANY = 'any';

/** What tickets are looked for by; a search begins when it is asked for, since one by phone is on record. */
export function SearchForm({ onSearch }: { readonly onSearch: (search: Search) => unknown }) {
  const turn = useRef(0);
  const { tickets: words } = texts();
  return (
    <search>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          const fields = new FormData(event.currentTarget);
          turn.current += 1;
          onSearch({
            phone: typed(fields, 'phone'),
            code: typed(fields, 'code'),
            day: typed(fields, 'day'),
            status: TICKET_STATUSES.find((one) => one === typed(fields, 'status')) ?? '',
            turn: turn.current,
          });
        }}
      >
        <div class="filters">
          <Field label={words.phone} name="phone" type="tel" inputMode="tel" maxLength={30} />
          <Field label={words.code} name="code" maxLength={40} />
          <Field label={words.day} name="day" type="date" />
          <SelectField
            label={words.status}
            name="status"
            value={ANY}
            options={[
              { value: ANY, label: words.anyStatus },
              ...TICKET_STATUSES.map((value) => ({ value, label: words.statuses[value] })),
            ]}
          />
        </div>
        <button type="submit">{words.search}</button>
        <p class="muted">{words.onRecord}</p>
      </form>
    </search>
  );
}

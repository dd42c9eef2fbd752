import { useSignal } from '@preact/signals';
import { IdCard } from 'lucide';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { plusDays, shownDate, today } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { amountOf } from '../../shared/format/amount.ts';
import { nameOfPark, parks } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

type Pass = components['schemas']['Pass'];

const SEASON_DAYS = 90;

type Props = { readonly userId: string; readonly name: string };

/** The passes of a guest that are good at parks of the reader, and a new one that was paid for. */
export function GuestPasses({ userId, name }: Props) {
  const { passes: words } = texts();
  const query = { user_id: userId, limit: 100 };
  const list = useLoad(() => outcomeOf(api.GET('/api/v1/passes', { params: { query } })), [userId]);
  const asking = useSignal<'issue' | Pass | null>(null);
  const close = (): void => void (asking.value = null);
  return (
    <Loaded of={list}>
      {({ items }) => (
        <div class="stack">
          {items.map((pass) => (
            <PassLine key={pass.id} pass={pass} onEnd={() => (asking.value = pass)} />
          ))}
          <div class="row">
            <button type="button" class="secondary" onClick={() => (asking.value = 'issue')}>
              <Icon of={IdCard} /> {words.issue}
            </button>
          </div>
          {asking.value === 'issue' && <IssueDialog userId={userId} name={name} onDone={list.reload} onClose={close} />}
          {asking.value !== null && asking.value !== 'issue' && (
            <EndDialog pass={asking.value} onDone={list.reload} onClose={close} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function PassLine({ pass, onEnd }: { readonly pass: Pass; readonly onEnd: () => unknown }) {
  const { passes: words } = texts();
  const isOver = pass.cancelled !== null || pass.valid_to < today();
  return (
    <div class="row spread">
      <span>
        <strong>{pass.name ?? words.one}</strong>{' '}
        {pass.cancelled !== null && <span class="badge bad">{words.ended}</span>}
        <br />
        <span class="muted">
          {words.between(shownDate(pass.valid_from), shownDate(pass.valid_to))}
          {' · '}
          {pass.visits_left === null ? words.unlimited : words.left(pass.visits_left, pass.visits ?? 0)}
          {' · '}
          {money(pass.price)}
          <br />
          {pass.park_ids.map(nameOfPark).join(', ')}
        </span>
      </span>
      {!isOver && pass.park_ids.every((parkId) => may(MANAGERS, parkId)) && (
        <button type="button" class="outline danger" onClick={() => void onEnd()}>
          {words.end}
        </button>
      )}
    </div>
  );
}

type DialogProps = { readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

function EndDialog({ pass: { id }, onDone, onClose }: DialogProps & { readonly pass: Pass }) {
  const { passes: words } = texts();
  const send = intentOf('cancelPass');
  return (
    <ConfirmDialog
      title={words.endTitle}
      submit={words.end}
      isDanger
      asksReason
      onClose={onClose}
      onConfirm={async (reason) => {
        const ended = await send(`${id} ${reason}`, (header) =>
          outcomeOf(api.POST('/api/v1/passes/{id}/cancel', { params: { path: { id }, header }, body: { reason } })),
        );
        if (!ended.ok) return ended.problem;
        say(words.endedNow);
        await onDone();
        return null;
      }}
    >
      <p>{words.endLead}</p>
    </ConfirmDialog>
  );
}

function IssueDialog({ userId, name, onDone, ...props }: DialogProps & Props) {
  const { passes: words } = texts();
  const onClose = useClosing(props.onClose);
  const send = intentOf('issuePass');
  const open = parks.value.filter(({ id }) => may(MANAGERS, id));
  const issue = async (fields: FormData): Promise<Problem | null> => {
    const visits = typed(fields, 'visits');
    const called = typed(fields, 'name');
    const body = {
      user_id: userId,
      name: called === '' ? null : called,
      park_ids: open.map(({ id }) => id).filter((id) => fields.get(`park.${id}`) !== null),
      valid_from: typed(fields, 'from'),
      valid_to: typed(fields, 'to'),
      visits: visits === '' ? null : Number(visits),
      people: Number(typed(fields, 'people')),
      price: amountOf(typed(fields, 'price')) ?? '',
      payment_reference: typed(fields, 'reference'),
    };
    const issued = await send(JSON.stringify(body), (header) =>
      outcomeOf(api.POST('/api/v1/passes', { params: { header }, body })),
    );
    if (!issued.ok) return issued.problem;
    say(words.issued(name));
    await onDone();
    onClose();
    return null;
  };
  const count = { type: 'number', inputMode: 'numeric', min: '1' } as const;
  return (
    <Dialog title={words.issueTo(name)} onClose={onClose}>
      <Form submit={words.issue} onSubmit={issue}>
        <p class="muted">{words.issueLead}</p>
        <Field label={words.name} name="name" maxLength={100} />
        <fieldset>
          <legend>{words.parks}</legend>
          {open.map(({ id, name: park }) => (
            <label key={id}>
              <input type="checkbox" name={`park.${id}`} defaultChecked={open.length === 1} />
              {park}
            </label>
          ))}
        </fieldset>
        <div class="pair">
          <Field label={words.from} name="from" type="date" required defaultValue={today()} />
          <Field label={words.to} name="to" type="date" required defaultValue={plusDays(today(), SEASON_DAYS)} />
          <Field label={words.visits} name="visits" {...count} max="1000" hint={words.visitsHint} />
          <Field label={words.people} name="people" {...count} max="10" required defaultValue="2" />
          <Field label={words.price} name="price" inputMode="decimal" required maxLength={20} />
        </div>
        <Field label={words.reference} name="reference" required maxLength={100} hint={words.referenceHint} />
      </Form>
    </Dialog>
  );
}

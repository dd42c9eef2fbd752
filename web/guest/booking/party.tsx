import { useSignal } from '@preact/signals';
import { Trash2, UserPlus } from 'lucide';
import { user } from '../../shared/api/session.ts';
import type { Loading } from '../../shared/api/use-load.ts';
import { today } from '../../shared/format/day.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Stepper } from '../../shared/ui/stepper.tsx';
import { ageOn } from '../account/age.ts';
import type { Child } from '../account/children.ts';
import { ChildDialog } from '../account/child-dialog.tsx';
import { texts } from '../texts/texts.ts';
import { MOST_PEOPLE, type Draft, type TypedChild } from './draft.ts';

type Props = {
  readonly draft: Draft;
  readonly children: Loading<readonly Child[]>;
  readonly onChange: (changes: Partial<Draft>) => unknown;
};

const AGES = Array.from({ length: 18 }, (_, age) => age);

const newChild = (): TypedChild => ({ key: crypto.randomUUID(), name: '', age: null });

type RowProps = {
  readonly child: TypedChild;
  readonly number: number;
  readonly onChange: (child: TypedChild) => unknown;
  readonly onRemove: () => unknown;
};

const TypedRow = ({ child, number, onChange, onRemove }: RowProps) => (
  <fieldset class="child-row">
    <legend class="visually-hidden">{texts().party.childNumber(number)}</legend>
    <label>
      {texts().party.name}
      <input
        value={child.name}
        maxLength={100}
        placeholder={texts().party.childNumber(number)}
        autocomplete="off"
        onInput={({ currentTarget }) => onChange({ ...child, name: currentTarget.value })}
      />
    </label>
    <label>
      {texts().party.age}
      <select
        value={child.age === null ? '' : String(child.age)}
        onChange={({ currentTarget }) =>
          onChange({ ...child, age: currentTarget.value === '' ? null : Number(currentTarget.value) })
        }
      >
        <option value="">{texts().party.chooseAge}</option>
        {AGES.map((age) => (
          <option key={age} value={age}>
            {texts().years(age)}
          </option>
        ))}
      </select>
    </label>
    <button type="button" class="round plain" aria-label={texts().party.remove(number)} onClick={onRemove}>
      <Icon of={Trash2} />
    </button>
  </fieldset>
);

function ProfileChildren({ draft, children, onChange }: Props) {
  const toggle = (id: string): unknown =>
    onChange({
      childIds: draft.childIds.includes(id) ? draft.childIds.filter((one) => one !== id) : [...draft.childIds, id],
    });
  return (
    <div class="pick-list">
      {(children.value ?? []).map(({ id, name, birth_date: born }) => (
        <label key={id} class="pick">
          <input type="checkbox" checked={draft.childIds.includes(id)} onChange={() => toggle(id)} />
          <strong>{name}</strong>
          <span class="muted">{texts().years(ageOn(born, draft.date ?? today()))}</span>
        </label>
      ))}
    </div>
  );
}

/** Who comes: children of the profile, children named here, and grown-ups. */
export function Party({ draft, children, onChange }: Props) {
  const isAdding = useSignal(false);
  const isGuest = user.value !== null && user.value !== undefined;
  const others = draft.others;
  const room = MOST_PEOPLE - draft.childIds.length - others.length;
  const change = (changed: TypedChild): unknown =>
    onChange({ others: others.map((one) => (one.key === changed.key ? changed : one)) });
  return (
    <div class="stack">
      {isGuest && <ProfileChildren draft={draft} children={children} onChange={onChange} />}
      {others.map((child, index) => (
        <TypedRow
          key={child.key}
          child={child}
          number={index + 1}
          onChange={change}
          onRemove={() => onChange({ others: others.filter(({ key }) => key !== child.key) })}
        />
      ))}
      <div class="row">
        {isGuest && (
          <button type="button" class="secondary outline" onClick={() => (isAdding.value = true)}>
            <Icon of={UserPlus} /> {texts().party.addMine}
          </button>
        )}
        <button
          type="button"
          class="secondary outline"
          disabled={room <= 0}
          onClick={() => onChange({ others: [...others, newChild()] })}
        >
          <Icon of={UserPlus} /> {isGuest ? texts().party.addOther : texts().party.add}
        </button>
      </div>
      <Stepper
        label={texts().party.adults}
        value={draft.adults}
        most={MOST_PEOPLE}
        onChange={(adults) => onChange({ adults })}
      />
      {isAdding.value && (
        <ChildDialog
          onClose={() => (isAdding.value = false)}
          onSaved={async ({ id }) => {
            await children.reload();
            onChange({ childIds: [...draft.childIds, id] });
          }}
        />
      )}
    </div>
  );
}

import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/form.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { given } from '../api/given.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { Roles } from './roles.tsx';
import { StaffPhone } from './staff-phone.tsx';

type Member = components['schemas']['StaffMember'];

type Props = {
  readonly parkId: string | null;
  /** Counts up when somebody's duties were changed elsewhere on the page. */
  readonly changes: number;
};

/** Everybody who has a duty at a park, or anywhere; a search by name goes through all of them. */
export function StaffList({ parkId, changes }: Props) {
  const { staff: words } = texts();
  const named = useSignal({ name: '', turn: 0 });
  const changing = useSignal<Member | null>(null);
  const list = usePages(
    (cursor) =>
      outcomeOf(
        api.GET('/api/v1/admin/staff', {
          params: { query: { limit: 25, ...given({ park_id: parkId, name: named.value.name, cursor }) } },
        }),
      ),
    [parkId, changes, named.value.name, named.value.turn],
  );
  return (
    <>
      <search>
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            const name = typed(new FormData(event.currentTarget), 'name');
            named.value = { name, turn: named.value.turn + 1 };
          }}
        >
          <Field label={words.byName} name="name" type="search" maxLength={100} autocomplete="off" />
          <button type="submit">{words.find}</button>
          <p class="muted">{words.phoneOnRecord}</p>
        </form>
      </search>
      <PagedTable
        caption={words.list}
        of={list}
        keyOf={({ user_id: id }) => id}
        empty={named.value.name === '' ? words.noStaff : words.noMatch}
        columns={columnsOf(parkId, (member) => (changing.value = member))}
      />
      {changing.value !== null && (
        <DutiesDialog member={changing.value} onChanged={list.page.reload} onClose={() => (changing.value = null)} />
      )}
    </>
  );
}

const nameOf = ({ name }: Member): string => name ?? texts().staff.erased;

function columnsOf(parkId: string | null, onChange: (member: Member) => unknown): readonly Column<Member>[] {
  const { staff: words } = texts();
  return [
    { title: words.name, cell: (member) => <strong>{nameOf(member)}</strong> },
    {
      title: words.duties,
      cell: ({ roles }) => (
        <ul class="row plain-list">
          {roles.map(({ role, park_id: heldAt }) => (
            <li key={`${role}@${heldAt ?? ''}`} class="badge">
              {`${inWords(role)}: ${heldAt === null ? words.everywhere : nameOfPark(heldAt)}`}
            </li>
          ))}
        </ul>
      ),
    },
    {
      title: words.phoneTitle,
      cell: (member) => <StaffPhone userId={member.user_id} name={nameOf(member)} parkId={parkId} />,
    },
    {
      title: words.todo,
      cell: (member) => (
        <button type="button" class="secondary" onClick={() => void onChange(member)}>
          {words.change}
          <span class="visually-hidden">{` ${nameOf(member)}`}</span>
        </button>
      ),
    },
  ];
}

const inWords = (role: string): string => (texts().staff.roles as Readonly<Record<string, string>>)[role] ?? role;

type DialogProps = {
  readonly member: Member;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

function DutiesDialog({ member, onChanged, onClose }: DialogProps) {
  return (
    <Dialog title={nameOf(member)} onClose={onClose}>
      <Roles userId={member.user_id} name={nameOf(member)} onChanged={onChanged} />
    </Dialog>
  );
}

import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { parks } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { sayProblem } from '../ui/say-problem.ts';

type HeldRole = components['schemas']['UserRoles']['roles'][number];
type Role = 'gate' | 'manager' | 'finance' | 'admin';

const ROLES: readonly Role[] = ['gate', 'manager', 'finance', 'admin'];
/** An administrator is one everywhere. */
const AT_PARKS: readonly Role[] = ['gate', 'manager', 'finance'];

type Duty = { readonly role: Role; readonly park_id: string | null };

const keyOf = (role: string, parkId: string | null): string => `${role}@${parkId ?? ''}`;

function dutyOf(key: string): Duty | null {
  const [name, parkId = ''] = key.split('@');
  const role = ROLES.find((one) => one === name);
  return role === undefined ? null : { role, park_id: parkId === '' ? null : parkId };
}

type Props = {
  readonly userId: string;
  readonly name: string;
  readonly roles: readonly HeldRole[];
  readonly onChanged: () => Promise<unknown>;
};

/** The duties of an account, as a table of parks and roles to tick. */
export function RolesForm({ userId, name, roles, onChanged }: Props) {
  const { staff: words } = texts();
  const held = new Set(roles.map((one) => keyOf(one.role, one.park_id)));
  const chosen = useSignal<ReadonlySet<string>>(held);
  const toggle = (key: string): void => {
    const next = new Set(chosen.value);
    if (!next.delete(key)) next.add(key);
    chosen.value = next;
  };
  const put = async (keys: ReadonlySet<string>): Promise<Problem | null> => {
    const body = { roles: [...keys].map(dutyOf).filter((one) => one !== null) };
    const answer = await outcomeOf(
      api.PUT('/api/v1/admin/users/{id}/roles', { params: { path: { id: userId } }, body }),
    );
    if (answer.ok) await onChanged();
    return answer.ok ? null : answer.problem;
  };
  const save = async (): Promise<Problem | null> => {
    const problem = await put(chosen.value);
    if (problem !== null) return problem;
    const undo = async (): Promise<void> => {
      const failed = await put(held);
      if (failed === null) say(words.undone);
      else sayProblem(failed);
    };
    say(words.saved(name), 'good', { label: words.undo, run: undo });
    return null;
  };
  const tick = (role: Role, parkId: string | null, label: string) => (
    <label>
      <input
        type="checkbox"
        checked={chosen.value.has(keyOf(role, parkId))}
        onChange={() => toggle(keyOf(role, parkId))}
        aria-label={`${words.roles[role]}, ${label}`}
      />
      {words.roles[role]}
    </label>
  );
  const places = [
    { id: null, name: words.allParks, roles: ROLES },
    ...parks.value.map((park) => ({ ...park, roles: AT_PARKS })),
  ];
  return (
    <Form submit={words.save} onSubmit={save}>
      {places.map((place) => (
        <fieldset key={place.id ?? ''}>
          <legend>
            <strong>{place.name}</strong>
          </legend>
          <div class="row choices">{place.roles.map((role) => tick(role, place.id, place.name))}</div>
        </fieldset>
      ))}
      <p class="muted">{words.inForceSoon}</p>
    </Form>
  );
}

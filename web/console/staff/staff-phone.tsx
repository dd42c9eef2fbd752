import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { given } from '../api/given.ts';
import { texts } from '../texts/texts.ts';

type Props = { readonly userId: string; readonly name: string; readonly parkId: string | null };

/** The phone of a colleague, which is asked for one by one: each look is on record. */
export function StaffPhone({ userId, name, parkId }: Props) {
  const { staff: words } = texts();
  const phone = useSignal<string | null>(null);
  const problem = useSignal<Problem | null>(null);
  const show = async (): Promise<void> => {
    const params = { path: { id: userId }, query: given({ park_id: parkId }) };
    const found = await outcomeOf(api.GET('/api/v1/admin/staff/{id}/phone', { params }));
    problem.value = found.ok ? null : found.problem;
    phone.value = found.ok ? found.value.phone : null;
  };
  return (
    <div role="status">
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      {phone.value === null ? (
        <BusyButton class="secondary" onPress={show}>
          {words.showPhone}
          <span class="visually-hidden">{` ${name}`}</span>
        </BusyButton>
      ) : (
        <a href={`tel:${phone.value}`}>{phone.value}</a>
      )}
    </div>
  );
}

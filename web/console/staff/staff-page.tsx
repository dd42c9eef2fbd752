import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Field } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { parkInView } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { Roles } from './roles.tsx';
import { StaffList } from './staff-list.tsx';

/** Who works for the chain; and an account, found by its phone, to say what it may do. */
export function StaffPage() {
  const { staff: words, sections } = texts();
  const asked = useSignal({ phone: '', turn: 0 });
  const changes = useSignal(0);
  const changed = async (): Promise<void> => void (changes.value += 1);
  return (
    <Page title={sections.staff}>
      <StaffList parkId={parkInView.value} changes={changes.value} />
      <h2>{words.add}</h2>
      <p class="muted">{words.lead}</p>
      <search>
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            const phone = typed(new FormData(event.currentTarget), 'phone');
            asked.value = { phone, turn: asked.value.turn + 1 };
          }}
        >
          <Field label={words.phone} name="phone" type="tel" inputMode="tel" required maxLength={30} />
          <button type="submit">{words.find}</button>
          <p class="muted">{words.onRecord}</p>
        </form>
      </search>
      {asked.value.phone !== '' && <Account key={asked.value.turn} phone={asked.value.phone} onChanged={changed} />}
    </Page>
  );
}

type AccountProps = { readonly phone: string; readonly onChanged: () => Promise<unknown> };

function Account({ phone, onChanged }: AccountProps) {
  const { staff: words } = texts();
  const found = useLoad(() => outcomeOf(api.GET('/api/v1/admin/guests', { params: { query: { phone } } })), []);
  return (
    <Loaded of={found}>
      {({ items: [account] }) =>
        account === undefined ? (
          <p class="card">{words.nobody}</p>
        ) : (
          <section class="card stack" aria-label={account.name}>
            <h2>{account.name}</h2>
            {!account.phone_verified && <p class="notice warn">{words.unverified}</p>}
            <Roles userId={account.id} name={account.name} onChanged={onChanged} />
          </section>
        )
      }
    </Loaded>
  );
}

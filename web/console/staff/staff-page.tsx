import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Field } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { RolesForm } from './roles-form.tsx';

/** Finds an account by its phone and says what it may do for the chain. */
export function StaffPage() {
  const { staff: words, sections } = texts();
  const phone = useSignal('');
  return (
    <Page title={sections.staff}>
      <p class="muted">{words.lead}</p>
      <search>
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            phone.value = typed(new FormData(event.currentTarget), 'phone');
          }}
        >
          <Field label={words.phone} name="phone" type="tel" inputMode="tel" required maxLength={30} />
          <button type="submit">{words.find}</button>
          <p class="muted">{words.onRecord}</p>
        </form>
      </search>
      {phone.value !== '' && <Account key={phone.value} phone={phone.value} />}
    </Page>
  );
}

function Account({ phone }: { readonly phone: string }) {
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
            <Roles userId={account.id} name={account.name} />
          </section>
        )
      }
    </Loaded>
  );
}

function Roles({ userId, name }: { readonly userId: string; readonly name: string }) {
  const path = { id: userId };
  const read = useLoad(() => outcomeOf(api.GET('/api/v1/admin/users/{id}/roles', { params: { path } })), []);
  return (
    <Loaded of={read}>
      {({ roles }) => (
        <RolesForm key={JSON.stringify(roles)} userId={userId} name={name} roles={roles} onChanged={read.reload} />
      )}
    </Loaded>
  );
}

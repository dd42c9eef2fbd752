import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { FactorReset } from './factor-reset.tsx';
import { RolesForm } from './roles-form.tsx';

type Props = { readonly userId: string; readonly name: string; readonly onChanged: () => Promise<unknown> };

/** What an account may do for the chain, read anew before it is changed. */
export function Roles({ userId, name, onChanged }: Props) {
  const path = { id: userId };
  const read = useLoad(() => outcomeOf(api.GET('/api/v1/admin/users/{id}/roles', { params: { path } })), []);
  const changed = async (): Promise<void> => {
    await Promise.all([read.reload(), onChanged()]);
  };
  return (
    <Loaded of={read}>
      {({ roles }) => (
        <div class="stack">
          <RolesForm key={JSON.stringify(roles)} userId={userId} name={name} roles={roles} onChanged={changed} />
          <FactorReset userId={userId} name={name} />
        </div>
      )}
    </Loaded>
  );
}

import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { given } from '../api/given.ts';
import { nameOfPark, parks } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { OneTimeCode, type Code } from './one-time-code.tsx';

type Device = components['schemas']['Device'];

/** Devices at the gates of a park or of all. */
export function DeviceList({ parkId }: { readonly parkId: string | null }) {
  const { nodes: words } = texts();
  const asking = useSignal<'invite' | Device | null>(null);
  const stop = (): void => void (asking.value = null);
  const list = usePages(
    (cursor) =>
      outcomeOf(
        api.GET('/api/v1/admin/devices', { params: { query: { limit: 25, ...given({ park_id: parkId, cursor }) } } }),
      ),
    [parkId],
  );
  return (
    <>
      <div class="row">
        <button type="button" onClick={() => (asking.value = 'invite')}>
          {words.invite}
        </button>
      </div>
      <PagedTable
        caption={words.views.devices}
        of={list}
        keyOf={({ id }) => id}
        empty={words.noDevices}
        columns={columnsOf((device) => (asking.value = device))}
      />
      {asking.value === 'invite' && <InviteDialog parkId={parkId} onDone={list.page.reload} onClose={stop} />}
      {asking.value !== null && asking.value !== 'invite' && (
        <RevokeDialog device={asking.value} onDone={list.page.reload} onClose={stop} />
      )}
    </>
  );
}

const LOOKS = { invited: 'warn', enrolled: 'good', revoked: '' } as const;

function columnsOf(onRevoke: (device: Device) => unknown): readonly Column<Device>[] {
  const { nodes: words } = texts();
  return [
    { title: words.device, cell: ({ name, id }) => name ?? <code>{id.slice(-8)}</code> },
    { title: words.park, cell: ({ park_id: id }) => nameOfPark(id) },
    {
      title: words.state,
      cell: ({ status, log }) => (
        <>
          <span class={`badge ${LOOKS[status]}`}>{words.deviceStates[status]}</span>
          {log.forks > 0 && <p class="badge bad">{words.forks}</p>}
        </>
      ),
    },
    {
      title: words.since,
      cell: ({ enrolled_at: enrolled, invited_at: invited }) => shownInstant(enrolled ?? invited),
    },
    {
      title: words.todo,
      cell: (device) =>
        device.status !== 'revoked' && (
          <button type="button" class="outline danger" onClick={() => void onRevoke(device)}>
            {words.revoke}
          </button>
        ),
    },
  ];
}

type DialogProps = { readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

function RevokeDialog({ device: { id, name }, onDone, onClose }: DialogProps & { readonly device: Device }) {
  const { nodes: words } = texts();
  return (
    <ConfirmDialog
      title={words.revokeTitle(name ?? id.slice(-8))}
      submit={words.revoke}
      isDanger
      onClose={onClose}
      onConfirm={async () => {
        const answer = await outcomeOf(api.DELETE('/api/v1/admin/devices/{id}', { params: { path: { id } } }));
        if (!answer.ok) return answer.problem;
        say(words.revoked(name ?? id.slice(-8)));
        await onDone();
        return null;
      }}
    >
      <p>{words.revokeDeviceLead}</p>
    </ConfirmDialog>
  );
}

function InviteDialog({ parkId, onDone, onClose }: DialogProps & { readonly parkId: string | null }) {
  const { nodes: words } = texts();
  const code = useSignal<Code | null>(null);
  const open = parks.value.filter(({ id }) => may(MANAGERS, id));
  return (
    <Dialog title={words.invite} onClose={onClose}>
      {code.value === null ? (
        <Form
          submit={words.makeCode}
          onSubmit={async (fields) => {
            const answer = await outcomeOf(
              api.POST('/api/v1/admin/devices', { body: { park_id: typed(fields, 'park') } }),
            );
            if (!answer.ok) return answer.problem;
            code.value = answer.value;
            await onDone();
            return null;
          }}
        >
          <SelectField
            label={words.park}
            name="park"
            value={parkId ?? open[0]?.id ?? ''}
            options={open.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form>
      ) : (
        <OneTimeCode code={code.value} lead={words.deviceCodeLead} />
      )}
    </Dialog>
  );
}

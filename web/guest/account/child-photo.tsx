import { Camera, UserRound } from 'lucide';
import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome, type Problem } from '../../shared/api/outcome.ts';
import { uploadOf } from '../../shared/api/upload.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { shrinkPicture } from '../../shared/ui/shrink-picture.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { useRefusal } from '../../shared/ui/use-refusal.ts';
import { texts } from '../texts/texts.ts';
import type { Child } from './children.ts';

/** As large as it is ever shown, on a dense screen. */
const LONGEST_SIDE_PX = 1_024;

const ROUTE = '/api/v1/users/me/children/{id}/photo';

async function addressOf({ id, has_photo: hasPhoto }: Child): Promise<Outcome<{ readonly path: string | null }>> {
  if (!hasPhoto) return { ok: true, value: { path: null } };
  const found = await outcomeOf(api.GET(ROUTE, { params: { path: { id } } }));
  return found.ok ? { ok: true, value: { path: new URL(found.value.url).pathname } } : found;
}

/** The picture of a child by an address that is good for five minutes; a drawing for a child without one. */
function Picture({ child, look }: { readonly child: Child; readonly look: string }) {
  const photo = useLoad(() => addressOf(child), [child]);
  const path = photo.value?.path ?? null;
  return (
    <span class={`portrait ${look}`}>
      {path === null ? <Icon of={UserRound} /> : <img src={path} alt={texts().children.photoOf(child.name)} />}
    </span>
  );
}

type DialogProps = {
  readonly child: Child;
  readonly onClose: () => unknown;
  readonly onChanged: () => Promise<unknown>;
};

function PhotoDialog({ child, onClose, onChanged }: DialogProps) {
  const close = useClosing(onClose);
  const [problem, tell] = useRefusal();
  const isBusy = useSignal(false);
  const words = texts().children;
  const params = { path: { id: child.id } };
  const done = async (outcome: { readonly ok: true } | { readonly ok: false; readonly problem: Problem }) => {
    tell(outcome.ok ? null : outcome.problem);
    if (!outcome.ok) return;
    await onChanged();
    close();
  };
  const store = async (file: File): Promise<void> => {
    isBusy.value = true;
    const picture = await shrinkPicture(file, LONGEST_SIDE_PX);
    const sent = api.PUT(ROUTE, { params, ...uploadOf(picture) });
    await done(await outcomeOf(sent)).finally(() => (isBusy.value = false));
  };
  return (
    <Dialog title={words.photoOf(child.name)} onClose={close}>
      <Picture child={child} look="large" />
      <p class="muted">{words.photoHint}</p>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <label aria-busy={isBusy.value}>
        {words.choosePhoto}
        <input
          type="file"
          accept="image/jpeg,image/png,image/webp"
          disabled={isBusy.value}
          onChange={({ currentTarget: { files } }) => {
            const file = files?.[0];
            if (file !== undefined) void store(file);
          }}
        />
      </label>
      {child.has_photo && (
        <BusyButton class="outline danger" onPress={async () => done(await outcomeOf(api.DELETE(ROUTE, { params })))}>
          {words.removePhoto}
        </BusyButton>
      )}
    </Dialog>
  );
}

type Props = { readonly child: Child; readonly onChanged: () => Promise<unknown> };

/** The picture of a child beside the name, and the way to another one. */
export function ChildPhoto({ child, onChanged }: Props) {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="portrait-button" onClick={() => (isOpen.value = true)}>
        <Picture child={child} look="" />
        <span class="portrait-sign">
          <Icon of={Camera} />
        </span>
        <span class="visually-hidden">{texts().children.changePhoto(child.name)}</span>
      </button>
      {isOpen.value && <PhotoDialog child={child} onClose={() => (isOpen.value = false)} onChanged={onChanged} />}
    </>
  );
}

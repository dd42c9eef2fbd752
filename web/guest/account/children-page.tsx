import { useSignal } from '@preact/signals';
import { Pencil, Plus, Trash2 } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { forgetIntents } from '../../shared/api/intent.ts';
import { outcomeOf, taggedOutcomeOf, type Problem, type Tagged } from '../../shared/api/outcome.ts';
import { today } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { useRefusal } from '../../shared/ui/use-refusal.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { ChildDialog } from './child-dialog.tsx';
import { ChildPhoto } from './child-photo.tsx';
import { ageOn } from './age.ts';
import { useChildren, type Child } from './children.ts';
import { SignedIn } from './signed-in.tsx';

type RowProps = {
  readonly child: Child;
  readonly onEdit: () => Promise<unknown>;
  readonly onRemove: () => unknown;
  readonly onPhoto: () => Promise<unknown>;
};

const Row = ({ child, onEdit, onRemove, onPhoto }: RowProps) => (
  <li class="card child-line">
    <ChildPhoto child={child} onChanged={onPhoto} />
    <span class="grows">
      <strong>{child.name}</strong>
      <br />
      <span class="muted">{texts().years(ageOn(child.birth_date, today()))}</span>
    </span>
    <span>
      <BusyButton class="round" onPress={onEdit}>
        <Icon of={Pencil} />
        <span class="visually-hidden">{texts().children.edit(child.name)}</span>
      </BusyButton>
      <button type="button" class="round plain" onClick={onRemove}>
        <Icon of={Trash2} />
        <span class="visually-hidden">{texts().children.remove(child.name)}</span>
      </button>
    </span>
  </li>
);

type RemoveProps = { readonly child: Child; readonly onClose: () => unknown; readonly onRemoved: () => unknown };

function RemoveDialog({ child, onClose, onRemoved }: RemoveProps) {
  const close = useClosing(onClose);
  const [problem, tell] = useRefusal();
  const words = texts().children;
  const remove = async (): Promise<void> => {
    const params = { path: { id: child.id } };
    const done = await outcomeOf(api.DELETE('/api/v1/users/me/children/{id}', { params }));
    tell(done.ok ? null : done.problem);
    if (!done.ok) return;
    forgetIntents('addChild');
    say(words.removed(child.name));
    await onRemoved();
    close();
  };
  return (
    <Dialog title={words.askRemove(child.name)} onClose={close}>
      <p>{words.removeHint}</p>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <BusyButton class="danger" onPress={remove}>
        {words.confirmRemove}
      </BusyButton>
    </Dialog>
  );
}

type Open =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit'; readonly seen: Tagged<Child> }
  | { readonly kind: 'remove'; readonly child: Child };

function Children() {
  const children = useChildren();
  const open = useSignal<Open | null>(null);
  const problem = useSignal<Problem | null>(null);
  const close = (): void => void (open.value = null);
  const edit = async ({ id }: Child): Promise<void> => {
    const seen = await taggedOutcomeOf(api.GET('/api/v1/users/me/children/{id}', { params: { path: { id } } }));
    problem.value = seen.ok ? null : seen.problem;
    if (seen.ok) open.value = { kind: 'edit', seen: seen.value };
  };
  const now = open.value;
  return (
    <div class="stack">
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <Loaded of={children}>
        {(items) =>
          items.length === 0 ? (
            <p class="card empty">{texts().children.none}</p>
          ) : (
            <ul class="plain-list">
              {items.map((child) => (
                <Row
                  key={child.id}
                  child={child}
                  onEdit={() => edit(child)}
                  onPhoto={children.reload}
                  onRemove={() => (open.value = { kind: 'remove', child })}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <button type="button" onClick={() => (open.value = { kind: 'new' })}>
        <Icon of={Plus} /> {texts().children.add}
      </button>
      {now?.kind === 'new' && <ChildDialog onClose={close} onSaved={children.reload} />}
      {now?.kind === 'edit' && <ChildDialog seen={now.seen} onClose={close} onSaved={children.reload} />}
      {now?.kind === 'remove' && <RemoveDialog child={now.child} onClose={close} onRemoved={children.reload} />}
    </div>
  );
}

/** The children of a guest, with whom visits are bought. */
export const ChildrenPage = () => (
  <Page title={texts().children.title} back={{ href: '/account', label: texts().nav.account }} narrow>
    <p class="muted">{texts().children.lead}</p>
    <SignedIn>{() => <Children />}</SignedIn>
  </Page>
);

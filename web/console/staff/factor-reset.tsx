import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { words } from '../../shared/identity/words.ts';
import { say } from '../../shared/ui/toasts.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

/** Helps somebody who lost the telephone with the app: takes the second factor away, and nothing is seen of it. */
export function FactorReset({ userId, name }: { readonly userId: string; readonly name: string }) {
  const isOpen = useSignal(false);
  const reset = async (): Promise<Problem | null> => {
    const params = { path: { id: userId } };
    const done = await outcomeOf(api.POST('/api/v1/admin/users/{id}/second-factor/reset', { params }));
    if (!done.ok) return done.problem;
    say(words().resetDone);
    return null;
  };
  return (
    <>
      <button type="button" class="secondary outline" aria-haspopup="dialog" onClick={() => (isOpen.value = true)}>
        {words().reset}
      </button>
      {isOpen.value && (
        <ConfirmDialog
          title={`${words().reset}: ${name}`}
          submit={words().reset}
          isDanger
          onConfirm={reset}
          onClose={() => (isOpen.value = false)}
        >
          <p>{words().resetText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

import { signOut } from '../../shared/api/sign-in.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { texts } from '../texts/texts.ts';

/** Somebody who is signed in and does nothing for the office. */
export function NoDutiesPage() {
  const { noDuties: words, shell } = texts();
  return (
    <main class="door">
      <div class="card stack">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
        <div class="row">
          <a role="button" href="/gate/" target="_self">
            {words.toGate}
          </a>
          <BusyButton class="secondary" onPress={signOut}>
            {shell.signOut}
          </BusyButton>
        </div>
      </div>
    </main>
  );
}

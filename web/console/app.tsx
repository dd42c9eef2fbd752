import { useEffect } from 'preact/hooks';
import { isSignedIn } from '../shared/api/session.ts';
import { restoreSession } from '../shared/api/sign-in.ts';
import { useLoad, type Loading } from '../shared/api/use-load.ts';
import { Loaded } from '../shared/ui/loaded.tsx';
import { isFactorMissing } from '../shared/identity/question.ts';
import { IdentityDialog } from '../shared/identity/identity-dialog.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { FactorPage } from './session/factor-page.tsx';
import { NoDutiesPage } from './session/no-duties-page.tsx';
import { loadParks } from './session/parks.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { isOfOffice } from './session/staff.ts';
import { Shell } from './shell/shell.tsx';
import { texts } from './texts/texts.ts';

/** What is shown while it is not known yet what to show, and where that fails. */
const Waiting = ({ of }: { readonly of: Loading<unknown> }) => (
  <main class="door">
    <div class="card stack">
      <h1>{texts().shell.title}</h1>
      <Loaded of={{ ...of, value: null }}>{() => null}</Loaded>
    </div>
  </main>
);

/** The console of somebody who may see it, once the parks are known. */
function Signed() {
  const found = useLoad(loadParks, []);
  return found.value === null ? <Waiting of={found} /> : <Shell />;
}

function Door() {
  const restored = useLoad(async () => {
    const problem = await restoreSession();
    return problem === null ? { ok: true, value: true } : { ok: false, problem };
  }, []);
  useEffect(() => {
    if (isSignedIn.value !== true) document.title = `${texts().signIn.title} · Sky Park`;
  }, [isSignedIn.value]);
  if (isSignedIn.value === false) return <SignInPage />;
  if (restored.value === null) return <Waiting of={restored} />;
  if (isFactorMissing.value) return <FactorPage />;
  return isOfOffice.value ? <Signed /> : <NoDutiesPage />;
}

export const App = () => (
  <>
    <Door />
    <IdentityDialog />
    <Toasts />
  </>
);

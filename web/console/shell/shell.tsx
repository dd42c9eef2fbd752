import { useSignal } from '@preact/signals';
import { FerrisWheel, LogOut, Menu, ShieldCheck } from 'lucide';
import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { user } from '../../shared/api/session.ts';
import { signOut } from '../../shared/api/sign-in.ts';
import { common } from '../../shared/i18n/common.ts';
import { words } from '../../shared/identity/words.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { LanguageChoice, ThemeChoice } from '../../shared/ui/choices.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { OwnFactors } from '../session/own-factors.tsx';
import { texts } from '../texts/texts.ts';
import { hasMoved } from '../ui/page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { ParkChoice } from './park-choice.tsx';
import { SectionLinks } from './section-links.tsx';
import { openSections } from './sections.ts';

/** How many sections a phone shows at its foot; the others are behind `More`. */
const AT_THE_FOOT = 4;

/** Opens what somebody signs in with besides the password. */
function OwnFactor() {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="secondary" aria-haspopup="dialog" onClick={() => (isOpen.value = true)}>
        <Icon of={ShieldCheck} /> {words().factor}
      </button>
      {isOpen.value && (
        <Dialog title={words().factor} onClose={() => (isOpen.value = false)}>
          <OwnFactors />
        </Dialog>
      )}
    </>
  );
}

function Preferences() {
  return (
    <div class="stack preferences">
      {user.value && <p class="muted">{user.value.name}</p>}
      <LanguageChoice use={texts.use} />
      <ThemeChoice />
      <OwnFactor />
      <BusyButton class="secondary" onPress={signOut}>
        <Icon of={LogOut} /> {texts().shell.signOut}
      </BusyButton>
    </div>
  );
}

function MoreSections() {
  const isOpen = useSignal(false);
  const { path } = useLocation();
  return (
    <>
      <button type="button" class="foot-link" aria-haspopup="dialog" onClick={() => (isOpen.value = true)}>
        <Icon of={Menu} />
        <span>{texts().shell.more}</span>
      </button>
      {isOpen.value && (
        <Dialog key={path} title={texts().shell.allSections} onClose={() => (isOpen.value = false)}>
          <nav aria-label={texts().shell.allSections} class="stack" onClick={() => (isOpen.value = false)}>
            <SectionLinks sections={openSections()} />
          </nav>
          <Preferences />
        </Dialog>
      )}
    </>
  );
}

function Frame() {
  const sections = openSections();
  return (
    <div class="frame">
      <a class="skip-link" href="#content">
        {common().skip}
      </a>
      <aside class="side">
        <p class="brand">
          <Icon of={FerrisWheel} /> Sky Park
        </p>
        <nav aria-label={texts().shell.allSections}>
          <SectionLinks sections={sections} />
        </nav>
        <Preferences />
      </aside>
      <div class="work">
        <header class="bar">
          <ParkChoice />
        </header>
        <main id="content">
          <ErrorBoundary>
            <Router onRouteChange={() => (hasMoved.value = true)}>
              {sections.map(({ path, Page }) => (
                <Route key={path} path={path} component={Page} />
              ))}
              <Route default component={NotFoundPage} />
            </Router>
          </ErrorBoundary>
        </main>
      </div>
      <nav class="foot" aria-label={texts().shell.mainSections}>
        <SectionLinks sections={sections.slice(0, AT_THE_FOOT)} class="foot-link" />
        <MoreSections />
      </nav>
    </div>
  );
}

/** The console around its pages: where to go, which park, who is there. */
export const Shell = () => (
  <LocationProvider scope="/console">
    <Frame />
  </LocationProvider>
);
